extension StopWords {
    /// English words that hold sentences together and say little of what they are about: articles, pronouns, prepositions, conjunctions,
    /// auxiliary verbs, and adverbs of degree, place and time. Numbers, months and the like are not among them.
    public static let english = StopWords(
        [
            // Articles and determiners.
            "a an the this that these those each every either neither some any no none all both half such another other others own same",
            "much many more most few fewer little less least several enough certain various",
            // Pronouns.
            "i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself",
            "we us our ours ourselves they them their theirs themselves one ones oneself",
            "someone somebody something anyone anybody anything everyone everybody everything nobody nothing",
            "who whom whose which what whoever whatever whichever",
            // Prepositions.
            "about above across after against along alongside amid among amongst around as at before behind below beneath beside besides between",
            "beyond by despite down during except for from in inside into like near of off on onto out outside over past per regarding since",
            "than through throughout till to toward towards under underneath unlike until up upon via with within without",
            // Conjunctions.
            "and but or nor so yet if unless although though because while whilst whereas whether when whenever where wherever why how",
            // Auxiliary verbs.
            "am is are was were be been being do does did done doing have has had having",
            "can cannot could may might must shall should will would ought",
            // Adverbs.
            "not only also too very quite rather almost nearly just even still already again ever never always often sometimes usually",
            "here there everywhere somewhere anywhere nowhere now then once soon later thus hence therefore however moreover furthermore otherwise",
            "instead indeed perhaps maybe together apart away back else well",
            // Contractions.
            "aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mustn't shouldn't wasn't weren't won't wouldn't",
            "i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll we're we've we'd we'll",
            "they're they've they'd they'll that's there's here's what's who's where's how's let's",
        ].flatMap { $0.split(separator: " ").map(String.init) })
}
