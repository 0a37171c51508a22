/** A seeded source of choices. The same seed gives the same choices on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  real(): number
  /** Uniform whole number in [0, below). */
  integer(below: number): number
  pick<Item>(items: readonly Item[]): Item
  /** That many words of a fixed vocabulary, separated by blanks. */
  words(count: number): string
}

const WORDS = (
  'after again air all along also always another answer around ask away back because before began being below between both build ' +
  'call carry change city close come could country cross cut dark day different does done door down draw each early earth east eat ' +
  'edge end enough even every example eye face far farm father feel few field find first five follow food form found four from give ' +
  'going good great group grow half hand hard head hear help high hold home house idea keep kind know land large last later learn ' +
  'leave left letter life light line list little live long look made make many might mile money more morning most mountain move much ' +
  'music must name near need never next night north note number off often old once only open order other over own page paper part ' +
  'people place plant play point press problem question quick read real red right river road room round run said same school sea ' +
  'second seem sentence set several ship show side sing sleep slow small some song soon south space spell stand star start state ' +
  'still stop story street study such sun table take talk tell thing think those thought three through time together took town tree ' +
  'true turn under until upon use usual very voice walk want warm watch water week while white whole why wind wood word work world'
).split(' ')

/**
 * mulberry32 behind a 32-bit mix of the seed parts: small, fast, and good enough to choose rows and shuffle orders
 * (it passes gjrand; see github.com/bryc/code, PRNGs).
 */
export function seededRandom(...parts: readonly (number | string)[]): Random {
  let state = mixSeed(parts)
  const real = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (below: number): number => Math.floor(real() * below)
  return {
    real,
    integer,
    pick: (items) => items[integer(items.length)]!,
    words(count) {
      let text = ''
      for (let n = 0; n < count; n += 1) text += (n === 0 ? '' : ' ') + WORDS[integer(WORDS.length)]!
      return text
    },
  }
}

/** FNV-1a over the parts, with a separator so that ('ab', 'c') differs from ('a', 'bc'). */
function mixSeed(parts: readonly (number | string)[]): number {
  let hash = 0x811c9dc5
  for (const part of parts) {
    for (const character of `${part}\u001f`) {
      hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
    }
  }
  return hash | 0
}

/** Fisher-Yates. Returns a new array. */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random.integer(last + 1)
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}
