// Actual's own client against Actual's own server, without encryption.
//
// The client keeps its state in globals, so each of the two is a process: this file once more, with "client". It
// makes changes while nobody looks at the clock, and times only sync(). A record is a transaction of seven
// columns: to Actual that is seven CRDT messages. An edit is one.
import { fork } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { check, id, idle, load, observation, phase, settings } from './phases.mjs'

const PASSWORD = 'bench'
const COLUMNS = ['acct', 'financial_id', 'type', 'amount', 'notes', 'date', 'description']
// 5000 records are 35000 messages, some 5 MB: well below the 20 MB which the server takes in one request.
const PORTION = 5000

function transaction(n) {
  const it = observation(n)
  const day = Number(it.at.slice(0, 10).replaceAll('-', ''))
  const values = [it.walk, it.point, it.level, it.mud_mm, it.note, day, it.by]
  return Object.fromEntries([['id', id('row', n)], ...COLUMNS.map((column, i) => [column, values[i]])])
}

if (process.argv[2] === 'client') await client(process.argv[3])
else await drive()

async function client(folder) {
  const api = await import(pathToFileURL(load.resolve('@actual-app/api')))
  await mkdir(folder, { recursive: true })
  const inside = await api.init({ dataDir: folder, serverURL: settings.url, password: PASSWORD, verbose: false })
  const all = () => inside.db.all(`SELECT id, ${COLUMNS.join(', ')} FROM transactions ORDER BY id`)
  // The end of a batch is announced before its messages are applied; only this event says that they are.
  let applied = () => {}
  inside.on('sync', ({ type }) => type === 'applied' && applied())
  const batch = async (act) => {
    const done = new Promise((resolve) => {
      applied = resolve
    })
    await api.batchBudgetUpdates(act)
    await done
  }
  const does = {
    async found() {
      await api.runImport('bench', async () => {})
      const [budget] = await api.getBudgets()
      return budget.groupId
    },
    download: (group) => api.downloadBudget(group),
    insert: ([first, after]) =>
      batch(async () => {
        for (let n = first; n < after; n += 1) await inside.db.insert('transactions', transaction(n))
      }),
    edit: ([count, value]) =>
      batch(async () => {
        for (let n = 0; n < count; n += 1) {
          await inside.db.update('transactions', { id: id('row', n), amount: value + n })
        }
      }),
    async sync() {
      const start = performance.now()
      await api.sync()
      return (performance.now() - start) / 1000
    },
    content: async () => JSON.stringify(await all()),
  }
  process.on('message', async ({ what, given }) => {
    try {
      process.send({ done: (await does[what](given)) ?? null })
    } catch (problem) {
      process.send({ failed: String(problem?.stack ?? problem) })
    }
  })
  process.on('disconnect', () => process.exit(0))
  process.send({ done: null })
}

async function start(name) {
  const child = fork(fileURLToPath(import.meta.url), ['client', path.join(settings.folder, name)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const answer = () =>
    new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`a client of Actual ended with ${code}`))
      child.once('exit', ended)
      child.once('message', ({ failed, done }) => {
        child.off('exit', ended)
        if (failed) reject(new Error(failed))
        else resolve(done)
      })
    })
  await answer()
  return (what, given) => {
    const answered = answer()
    child.send({ what, given })
    return answered
  }
}

async function drive() {
  const { changes, edits, rounds, catch_up_changes: many, catch_up_records: few } = settings
  const said = await fetch(`${settings.url}/account/bootstrap`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password: PASSWORD }),
  })
  check(said.ok, `bootstrap: ${said.status}`)
  const one = await start('one')
  const group = await one('found')
  const two = await start('two')
  await two('download', group)
  const same = async () => {
    const [mine, theirs] = [await one('content'), await two('content')]
    check(JSON.parse(mine).length === Math.max(changes, few), `${JSON.parse(mine).length} records`)
    check(mine === theirs, 'the two clients differ')
  }
  await one('sync')
  await two('sync')

  const total = Math.max(changes, few)
  const counted = (count, each, seconds) => ({ changes: count, messages: count * each, seconds })
  await phase('push_new', async () => {
    let seconds = 0
    for (let first = 0; first < total; first += PORTION) {
      await one('insert', [first, Math.min(first + PORTION, total)])
      seconds += await one('sync')
    }
    return counted(total, COLUMNS.length, seconds)
  })
  await phase('pull_new', async () => counted(total, COLUMNS.length, await two('sync')))
  await same()

  const edited = Math.min(edits, total)
  await one('edit', [edited, 1000])
  await phase('push_edits', async () => counted(edited, 1, await one('sync')))
  await phase('pull_edits', async () => counted(edited, 1, await two('sync')))
  await same()

  await idle(rounds, () => two('sync'))

  let made = 0
  while (made < many) {
    await one('edit', [few, 5000 + made])
    await one('sync')
    made += few
  }
  await phase('catch_up', async () => ({ ...counted(made, 1, await two('sync')), records: few, received: made }))
  await same()
  process.exit(0)
}
