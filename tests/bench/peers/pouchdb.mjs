// PouchDB, replicating with express-pouchdb. `node pouchdb.mjs serve PORT FOLDER` is the server.
//
// Both ends keep their documents in leveldb on disk. The server runs in the mode that its authors name
// "minimumForPouchDB": what replication needs, without CouchDB's users, logs and replicator daemon.
import path from 'node:path'
import { check, id, idle, load, observation, phase, settings } from './phases.mjs'

const PouchDB = load('pouchdb')

if (process.argv[2] === 'serve') {
  const [port, folder] = process.argv.slice(3)
  const Served = PouchDB.defaults({ prefix: folder + path.sep })
  const app = load('express')()
  app.use('/', load('express-pouchdb')(Served, { mode: 'minimumForPouchDB', inMemoryConfig: true }))
  app.listen(Number(port), '127.0.0.1')
} else {
  await drive()
  process.exit(0)
}

async function drive() {
  const { changes, edits, rounds, catch_up_changes: many, catch_up_records: few } = settings
  // 100 is the default, and slower; above 500 nothing is gained any more.
  const size = { batch_size: 1000 }
  const remote = new PouchDB(`${settings.url}/bench`)
  await remote.info()
  const [one, two] = ['one', 'two'].map((name) => new PouchDB(path.join(settings.folder, name)))
  const push = () => one.replicate.to(remote, size)
  const pull = () => two.replicate.from(remote, size)
  const store = async (docs) => {
    for (let i = 0; i < docs.length; i += 2000) {
      const said = await one.bulkDocs(docs.slice(i, i + 2000))
      for (const verdict of said) check(verdict.ok, JSON.stringify(verdict))
    }
  }
  const alter = async (count, value) => {
    const { rows } = await one.allDocs({ include_docs: true, limit: count })
    await store(rows.map(({ doc }, n) => ({ ...doc, mud_mm: value(n) })))
    return rows.length
  }
  const same = async () => {
    const [mine, theirs] = await Promise.all([one, two].map((db) => db.allDocs({ include_docs: true })))
    check(mine.rows.length === Math.max(changes, few), `${mine.rows.length} documents`)
    check(JSON.stringify(mine.rows) === JSON.stringify(theirs.rows), 'the two clients differ')
  }

  await push()
  await pull()
  await store(Array.from({ length: Math.max(changes, few) }, (_, n) => ({ _id: id('row', n), ...observation(n) })))
  const total = Math.max(changes, few)
  await phase('push_new', async () => {
    check((await push()).docs_written === total, 'documents pushed')
    return { changes: total }
  })
  await phase('pull_new', async () => {
    check((await pull()).docs_written === total, 'documents pulled')
    return { changes: total }
  })
  await same()

  const edited = await alter(edits, (n) => 1000 + n)
  await phase('push_edits', async () => {
    check((await push()).docs_written === edited, 'edits pushed')
    return { changes: edited }
  })
  await phase('pull_edits', async () => {
    check((await pull()).docs_written === edited, 'edits pulled')
    return { changes: edited }
  })
  await same()

  // A round asks both ways, as a client does that does not know whether there is anything new.
  await idle(rounds, () => two.sync(remote, size))

  let made = 0
  while (made < many) {
    made += await alter(few, (n) => 5000 + made + n)
    await push()
  }
  await phase('catch_up', async () => ({ changes: made, records: few, received: (await pull()).docs_written }))
  await same()
}
