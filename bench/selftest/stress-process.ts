/** Keeps one processor busy until its parent is gone or ends it. */
const SLICE_MS = 20

process.on('disconnect', () => process.exit(0))

function spin(): void {
  const until = performance.now() + SLICE_MS
  while (performance.now() < until);
  // Between two slices it hears of its parent's end, however that came about.
  setImmediate(spin)
}

spin()
