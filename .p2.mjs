import { DatabaseSync } from '@photostructure/sqlite'
import { rmSync } from 'node:fs'
function run(name, ddl, sql, args, group=10, N=60000) {
  for (const s of ['','-wal','-shm']) rmSync('/tmp/lb/q.db'+s,{force:true})
  const db = new DatabaseSync('/tmp/lb/q.db', {enableForeignKeyConstraints:false})
  db.exec('PRAGMA journal_mode=WAL'); db.exec('PRAGMA synchronous=OFF'); db.exec('PRAGMA wal_autocheckpoint=16384'); db.exec('PRAGMA cache_size=-65536'); db.exec(ddl)
  const s = db.prepare(sql), b = db.prepare('BEGIN IMMEDIATE'), c = db.prepare('COMMIT')
  const c0 = process.cpuUsage(); 
  for (let i=0;i<N;) { b.run(); for (let k=0;k<group;k++) { i++; s.run(...args(i)) } c.run() }
  const u = process.cpuUsage(c0); console.log(name.padEnd(40), 'user', (u.user/N).toFixed(1), 'sys', (u.system/N).toFixed(1)); db.close()
}
const row = i => [i%64, 1, '0203101010', String(i>>6).padStart(6,'0'), 'charge','sale','charged','000000',1000,1000,(i*7919)%1000,null,'00',String(i).padStart(12,'0'),'123456',String(i%64).padStart(6,'0')+String(i>>6).padStart(6,'0'),1790000000000+i]
const cols='terminal,merchant,batch,stan,effect,kind,state,processing,asked,amount,card,original,code,rrn,auth_code,reference,posted_at'
const t = `CREATE TABLE e(id INTEGER PRIMARY KEY,${cols}); `
const sql = `INSERT INTO e(${cols}) VALUES(${cols.split(',').map(()=>'?')}) ON CONFLICT DO NOTHING`
run('plain, one txn', t, sql, row, 60000)
run('plain, group 10', t, sql, row)
run('unique', t+'create unique index u on e(terminal,batch,stan);', sql, row)
run('unique+merchant', t+'create unique index u on e(terminal,batch,stan);create index m on e(merchant);', sql, row)
run('unique+reference', t+'create unique index u on e(terminal,batch,stan);create index m on e(reference);', sql, row)
run('unique+card', t+'create unique index u on e(terminal,batch,stan);create index m on e(card);', sql, row)
run('all', t+'create unique index u on e(terminal,batch,stan);create index m on e(reference);create index c on e(card);create index k on e(merchant)', sql, row)
run('all, one txn', t+'create unique index u on e(terminal,batch,stan);create index m on e(reference);create index c on e(card);create index k on e(merchant)', sql, row, 60000)
run('all, group 50', t+'create unique index u on e(terminal,batch,stan);create index m on e(reference);create index c on e(card);create index k on e(merchant)', sql, row, 50)
run('small cols', `create table e(a,b)`, 'insert into e values(?,?)', i=>[i,'x'])
run('json 1 arg', `create table e(id integer primary key, a)`, 'insert into e(a) values(?)', i=>[row(i).join('|')])
