/// What a network over items reads of the item before: all that such networks differ by.
public protocol ItemInput: Sendable {
    /// The variant of LLA that reads the same.
    static var variant: FitSettings.Variant { get }
}

/// The item itself: a learned row for each (Paper-notes M2).
public enum WordInput: ItemInput {
    public static let variant = FitSettings.Variant.word
}

/// How the item is spelled (Paper-notes M2c).
public enum SpelledInput: ItemInput {
    public static let variant = FitSettings.Variant.char
}
