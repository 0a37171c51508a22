/// <reference lib="dom" />

/** What reports/html/pack.ts packed. */
export async function unpacked(packed: string): Promise<Blob> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Response(stream).blob()
}
