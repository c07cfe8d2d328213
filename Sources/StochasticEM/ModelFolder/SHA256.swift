import CCrypto

/// A running SHA-256 (FIPS 180-4), computed by OpenSSL.
final class SHA256 {
    private let context: OpaquePointer

    init() {
        // Both fail only for want of memory, as any allocation here might.
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        self.context = context
        precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "OpenSSL offers no SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        if bytes.isEmpty { return }
        precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "OpenSSL refused bytes")
    }

    /// Names, each behind its length: no two lists of names are alike.
    func update(names: [String]) {
        for name in names {
            withUnsafeBytes(of: UInt64(name.utf8.count).littleEndian, update)
            Array(name.utf8).withUnsafeBytes(update)
        }
    }

    /// The digest of all that was seen, 64 lower-case hexadecimal digits. Nothing may be added after.
    func finish() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1, "OpenSSL could not finish a digest")
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
