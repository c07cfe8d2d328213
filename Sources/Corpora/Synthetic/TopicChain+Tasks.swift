extension TopicChain {
    /// Tasks that are interrupted, as a chain on S = K + K² states.
    ///
    /// A *position* is one of the K places in the tasks' rounds, laid end to end. State p is the task of
    /// position p undisturbed; state K + K·p + q is position q of the task that cut in, while p waits
    /// to be resumed. States where p and q are of one task are numbered but never reached.
    ///
    /// - Parameters:
    ///   - tasks: the topics of each task, in the order of its round; together all topics, each once.
    ///   - stay: probability that a topic lasts another step, given no interruption and no return.
    ///   - interruption: probability a step that another task cuts in. An interrupting task is not interrupted itself.
    ///   - meanRun: steps that an interruption lasts on average.
    init(tasks: [[Int]], stay: Double, interruption: Double, meanRun: Double) {
        let topics = tasks.flatMap { $0 }
        let k = topics.count
        let first = tasks.indices.map { task in tasks[..<task].reduce(0) { $0 + $1.count } }
        let task = tasks.indices.flatMap { task in tasks[task].map { _ in task } }

        func goOn(_ position: Int, _ share: Double, _ state: (Int) -> Int) -> [Transition] {
            let start = first[task[position]], length = tasks[task[position]].count
            let next = start + (position - start + 1) % length
            // In a task of one topic, going on and staying are the same way.
            if next == position { return [Transition(to: state(position), probability: share)] }
            return [
                Transition(to: state(next), probability: share * (1 - stay)),
                Transition(to: state(position), probability: share * stay),
            ]
        }

        self.init(
            topic: (0..<k * (1 + k)).map { UInt32(topics[$0 < k ? $0 : ($0 - k) % k]) },
            initial: TopicChain.uniform(k),
            rows: { state in
                if state < k {
                    let others = tasks.indices.filter { $0 != task[state] }
                    return goOn(state, 1 - interruption, { $0 }) + others.map {
                        Transition(to: k + k * state + first[$0], probability: interruption / Double(others.count))
                    }
                }
                let waiting = (state - k) / k, inner = (state - k) % k
                return goOn(inner, 1 - 1 / meanRun, { k + k * waiting + $0 })
                    + [Transition(to: waiting, probability: 1 / meanRun)]
            })
    }
}
