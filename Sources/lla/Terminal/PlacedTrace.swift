import Corpora
import ModelReports

/// A trace beside the sequence that it is of: a trace has no steps for events of unknown items, which have their places all the same.
struct PlacedTrace {
    /// An event of the sequence.
    enum Event {
        case known(TopicTrace.Step)
        /// By the item's own name.
        case unknown(String)
    }

    /// The sequence's external name.
    let user: String
    /// Which of the user's sequences it is, from 1, and how many there are; nil where each user has one.
    let session: (number: Int, count: Int)?
    /// All of the sequence, in their order.
    let events: [Event]
    /// What is expected behind the last event.
    let next: [TopicTrace.Share]

    /// - Parameters:
    ///   - trace: of sequence `n`, with a step for each event of a known item.
    ///   - corpus: with the events of unknown items in it.
    init(_ trace: TopicTrace, of n: Int, in corpus: Corpus, session: (number: Int, count: Int)?) {
        var steps = trace.steps.makeIterator()
        user = trace.user
        self.session = session
        events = corpus.range(n).compactMap { event in
            if corpus.isKnown(event) { return steps.next().map(Event.known) }
            return .unknown(corpus.unknown[Int(corpus.items[event]) - corpus.vocabulary.count])
        }
        next = trace.next
    }

    /// The events of known items, each with its place in the sequence, from 1.
    var steps: [(place: Int, step: TopicTrace.Step)] {
        zip(1..., events).compactMap { place, event in
            if case .known(let step) = event { (place, step) } else { nil }
        }
    }
}
