/**
 * Imported for its effect, and before @libsql/client: the native client reads this once, when it is loaded, and otherwise
 * writes every refused request to stdout. In a worker thread it has no effect, because environment variables are copies there.
 */
process.env['RUST_LOG'] ??= 'off'
