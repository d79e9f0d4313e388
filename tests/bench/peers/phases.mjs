// What both JavaScript drivers share: the records, and how a driver tells `measuring.py` where it stands.
//
// A driver prints one JSON object per line and waits for a line on stdin after each `begin` and `end`, so that the
// bytes of a phase can be read off the proxy exactly between the two.
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import path from 'node:path'
import readline from 'node:readline'

export const settings = JSON.parse(process.env.LINLI_PEER ?? '{}')
export const load = createRequire(path.join(settings.home ?? '.', 'package.json'))

let answers
async function tell(what) {
  answers ??= readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  process.stdout.write(`${JSON.stringify(what)}\n`)
  if ((await answers.next()).done) process.exit(1)
}

/** Measure one phase: `act` is what is timed, unless it returns `seconds` itself. What it returns is told too. */
export async function phase(name, act) {
  await tell({ begin: name })
  const start = performance.now()
  const more = (await act()) ?? {}
  await tell({ end: name, seconds: (performance.now() - start) / 1000, ...more })
}

/** The median of many rounds in which nothing has changed. A round may return its own seconds. */
export async function idle(rounds, round) {
  for (let i = 0; i < 5; i += 1) await round()
  await tell({ begin: 'idle' })
  const took = []
  for (let i = 0; i < rounds; i += 1) {
    const start = performance.now()
    const own = await round()
    took.push(typeof own === 'number' ? own * 1000 : performance.now() - start)
  }
  took.sort((a, b) => a - b)
  const half = Math.floor(rounds / 2)
  await tell({ end: 'idle', rounds, median_ms: rounds % 2 ? took[half] : (took[half - 1] + took[half]) / 2 })
}

export function check(truth, message) {
  if (!truth) throw new Error(`the peer's result is wrong: ${message}`)
}

/** An id as long, and as hard to compress, as a real one; the same in `anki_peer.py`. */
export function id(kind, n) {
  const hex = createHash('md5').update(`${kind}-${n}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const LEVELS = ['clear', 'slow', 'standing', 'blocked']

/** An observation of an inspection walk; the same in `anki_peer.py`. */
export function observation(n) {
  return {
    walk: id('walk', Math.floor(n / 40)),
    point: id('point', n % 400),
    level: LEVELS[n % 4],
    mud_mm: (n * 7) % 180,
    note: n % 4 === 3 ? `井盖松动，淤泥已清一半 ${n}` : '',
    at: new Date(Date.UTC(2026, 2, 1) + n * 37_000).toISOString(),
    by: id('person', n % 12),
  }
}
