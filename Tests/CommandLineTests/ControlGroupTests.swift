import Testing
@testable import lla

/// Limits of control groups, of both versions, as machines and containers show them.
@Suite struct ControlGroupTests {
    private static let files = [
        "/sys/fs/cgroup/memory.max": "8000000\n", "/sys/fs/cgroup/jobs/memory.max": "max\n", "/sys/fs/cgroup/jobs/seven/memory.max": "6000000\n",
        "/sys/fs/cgroup/roomy/memory.max": "9000000\n",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n", "/sys/fs/cgroup/memory/docker/memory.limit_in_bytes": "5000000\n",
    ]

    @Test(arguments: [
        ("0::/jobs/seven\n", 6_000_000), ("0::/jobs\n", 8_000_000), ("0::/\n", 8_000_000),
        // A group that the one around it leaves less than it may have itself.
        ("0::/roomy\n", 8_000_000),
        // Names of the machine around a container.
        ("0::/../../elsewhere\n", 8_000_000),
        ("12:pids:/docker\n4:cpu,memory:/docker/deep\n", 5_000_000), ("4:memory:/\n0::/nowhere\n", 8_000_000), ("4:memory:/\n", Int(Int64.max) - 4095),
    ])
    func theLeastLimitCounts(membership: String, limit: Int) {
        #expect(ControlGroup(membership: membership) { Self.files[$0] }.memoryLimit == limit)
    }

    @Test(arguments: ["", "\n", "12:pids:/docker\n", "nonsense", "0::", "4:memory:/docker\n"])
    func withoutALimitThereIsNone(membership: String) {
        #expect(ControlGroup(membership: membership) { _ in nil }.memoryLimit == nil)
        #expect(ControlGroup(membership: membership) { _ in "max\n" }.memoryLimit == nil)
    }
}
