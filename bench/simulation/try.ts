import { drawSchedule } from './schedule.js'
import { simulate } from './simulate-schedule.js'

const [from, to] = process.argv.slice(2).map(Number)
const t = performance.now()
const total = { transactions: 0, crashes: 0, reversals: 0, charged: 0 }
let bad = 0
for (let n = from!; n < to!; n++) {
  try {
    const { problems, counts, trace } = await simulate(drawSchedule(String(n)))
    for (const k of Object.keys(total) as (keyof typeof total)[]) total[k] += counts[k]
    if (problems.length) {
      bad++
      console.log(n, JSON.stringify(drawSchedule(String(n)).scenario.dialect), problems.slice(0, 4), counts)
      if (process.argv[4]) {
        console.log(JSON.stringify(drawSchedule(String(n)), undefined, 1))
        console.log(trace.join('\n'))
      }
    }
  } catch (e) {
    bad++
    console.log(n, 'ERROR', e)
  }
}
console.log(bad, total, performance.now() - t)
