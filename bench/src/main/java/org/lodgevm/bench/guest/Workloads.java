package org.lodgevm.bench.guest;

import static org.lodgevm.bench.guest.Group.FLOAT;
import static org.lodgevm.bench.guest.Group.INTEGER;
import static org.lodgevm.bench.guest.Group.KERNEL;
import static org.lodgevm.bench.guest.Group.MEMORY;
import static org.lodgevm.bench.guest.Group.SWITCH;

import java.util.List;

/** All there is to run, in the order of the report: each takes a fraction of a second natively and a few seconds under QEMU. */
public final class Workloads {
    private static final Payload TEXT = new Text("text");
    private static final Payload CORE = new Program("core");
    private static final Payload KERNEL_C = new Program("kernel");
    private static final Payload MEMORY_C = new Program("memory");
    private static final Payload CRYPTO = new Source("crypto.lua");
    private static final String[] LUA_OPENSSL = {"lua5.4", "lua-luaossl"};

    public static final List<Workload> ALL = List.of(
            Workload.of("core", INTEGER, "CoreMark-like C, %,d rounds: lists, matrices, state machine, CRC", 3000, 100, CORE),
            Workload.of("dhry", INTEGER, "Dhrystone-like C, %,d rounds: records, strings, calls", 10_000_000, 200_000, new Program("dhry")),
            Workload.of("sha256sum", INTEGER, "busybox sha256sum, %d MiB", 24, 1, TEXT),
            Workload.of("crc32", INTEGER, "CRC-32 by tables in C, %d MiB", 300, 10, new Program("crc32")),
            Workload.of("gzip", INTEGER, "busybox gzip, %d MiB of text", 4, 1, TEXT),
            Workload.of("xz", INTEGER, "xz -2, %d MiB of text", 2, 1, TEXT).from("xz-utils"),
            Workload.of("sort", INTEGER, "busybox sort, %d MiB of lines", 8, 1, TEXT),
            Workload.of("awk", INTEGER, "busybox awk, counting words of %d MiB", 2, 1, TEXT),
            Workload.of("ash", INTEGER, "busybox ash, a loop of %,d rounds", 100_000, 5000),
            Workload.of("lua", INTEGER, "Lua, %d rounds of tables, strings, closures", 30, 2, new Source("lua.lua")).from("lua5.4"),
            Workload.of("sqlite", INTEGER, "SQLite in memory, %,d orders: insert, index, join, update", 40_000, 2000, new Source("sqlite.sql")).from("sqlite3"),
            Workload.of("python3", INTEGER, "Python, %d rounds of queens, objects, dictionaries", 12, 1, new Source("python3.py")).from("python3-minimal"),
            Workload.of("gcc", INTEGER, "gcc -O2 compiles a file, %d times", 2, 1, new Source("core.c")).from("gcc", "libc6-dev"),
            Workload.of("nbody", FLOAT, "n-body in double precision, %,d steps", 1_000_000, 20_000, new Program("nbody")),
            Workload.of("linpack", FLOAT, "%d systems of 200 linear equations, double precision", 60, 5, new Program("linpack")),
            Workload.of("longdouble", FLOAT, "long double (x87), %,d terms", 5_000_000, 50_000, new Program("longdouble")),
            Workload.of("aes256cbc", FLOAT, "OpenSSL AES-256-CBC, %,d blocks of 16 KiB", 5000, 100, CRYPTO).from(LUA_OPENSSL),
            Workload.of("aes256gcm", FLOAT, "OpenSSL AES-256-GCM, %,d blocks of 16 KiB", 10_000, 100, CRYPTO).from(LUA_OPENSSL),
            Workload.of("sha256", FLOAT, "OpenSSL SHA-256, %,d blocks of 16 KiB", 5000, 100, CRYPTO).from(LUA_OPENSSL),
            Workload.of("sha512", FLOAT, "OpenSSL SHA-512, %,d blocks of 16 KiB", 6000, 100, CRYPTO).from(LUA_OPENSSL),
            Workload.of("rsa2048", FLOAT, "OpenSSL RSA-2048, %,d signatures", 200, 5, CRYPTO, new RsaKey("rsa2048.pem")).from(LUA_OPENSSL),
            Workload.of("walk", MEMORY, "%,d steps along a list all over 64 MiB", 1_000_000, 20_000, MEMORY_C),
            Workload.of("random", MEMORY, "%,d changes at random in 512 MiB", 5_000_000, 100_000, MEMORY_C),
            Workload.of("copy", MEMORY, "copying 32 MiB %d times", 50, 2, MEMORY_C),
            Workload.of("getpid", KERNEL, "%,d system calls: getpid", 2_000_000, 20_000, KERNEL_C),
            Workload.of("pipe", KERNEL, "%,d times 512 bytes into a pipe and out", 200_000, 5000, KERNEL_C),
            Workload.of("file", KERNEL, "opening, reading, closing a file %,d times", 100_000, 2000, KERNEL_C),
            Workload.of("fault", KERNEL, "%d times 1024 page faults", 100, 2, KERNEL_C),
            Workload.of("fork", KERNEL, "%,d processes: fork, exit", 2000, 50, KERNEL_C),
            Workload.of("spawn", KERNEL, "%,d processes: fork, exec, exit", 500, 20, CORE),
            Workload.of("pingpong", SWITCH, "%,d rounds of two processes over pipes on one CPU", 30_000, 1000, KERNEL_C),
            Workload.of("futex", SWITCH, "%,d rounds of two threads over a futex, on two CPUs if there are", 5000, 200, KERNEL_C).alone());

    private Workloads() {}
}
