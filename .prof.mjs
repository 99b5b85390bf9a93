import { compile } from './dist/codec/compile.js'
import { builtInDialect } from './dist/codec/dialects/index.js'
import { openLedger } from './dist/acquirer/ledger/ledger.js'
import { createOperationReader } from './dist/acquirer/ledger/operation.js'
import { rmSync } from 'node:fs'
const file = process.argv[2] ?? '/tmp/lb/p.db'
for (const s of ['','-wal','-shm']) rmSync(file+s,{force:true})
const dialect = builtInDialect('iso87-binary'), codec = compile(dialect)
const ledger = openLedger({ file, durability: 'process', dialect, run: 'x', cardKey: new Uint8Array(32), now: 0 })
const read = createOperationReader(dialect, dialect.rules.ledger, ledger.cardDigest)
const group = Number(process.argv[3] ?? 10)
const cpu0 = process.cpuUsage(); let n = 0, tRead = 0, tPost = 0, max = 0; const lat=[]
const total = 60000
while (n < total) {
  const msgs = []
  for (let i = 0; i < group; i++) { n++
    msgs.push(codec.pack({ mti: '0200', fields: { 2: '62123456789' + String(n*7919%1000).padStart(5,'0'), 3: '000000', 4: '000000001000', 7: '0203123456', 11: String(Math.floor(n/64)%1000000).padStart(6,'0'), 12: String(100000 + Math.floor(n/10000)).slice(-6), 13: '0203', 37: String(n%64).padStart(6,'0')+String(Math.floor(n/64)).padStart(6,'0'), 41: String(n%64).padStart(8,'0'), 42: '000000000000001', 49: '840' } })) }
  let t = performance.now()
  const ops = msgs.map(m => read(codec.peek(m), { code: '00', rrn: String(n), authCode: '123456', balance: '', batch: '' }, 1790000000000 + n))
  const t1 = performance.now(); tRead += t1 - t
  ledger.post(ops)
  const d = performance.now()-t1; tPost += d; lat.push(d)
}
lat.sort((a,b)=>a-b)
console.log('read us/tx', (tRead/total*1000).toFixed(1), 'post us/tx', (tPost/total*1000).toFixed(1), 'p50', lat[lat.length>>1].toFixed(3), 'p99', lat[lat.length*.99|0].toFixed(2), 'max', lat.at(-1).toFixed(1))
const c = process.cpuUsage(cpu0); console.log("cpu us/tx", ((c.user+c.system)/total).toFixed(1), "sys", (c.system/total).toFixed(1)); ledger.close()
