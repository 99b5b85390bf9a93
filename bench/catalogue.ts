// The benches and proofs by name, for `npm run bench -- NAME [flags]`. Each is a file of this folder that runs by itself,
// prints a table, takes `--json FILE` and exits with 1 when a figure that it asks for is not met.

export interface Bench {
  readonly name: string
  /** The file in bench/, without its ending. */
  readonly file: string
  /** One line for the table. */
  readonly shows: string
  /** It starts the built program, so `npm run build` comes first. */
  readonly needsProgram?: true
  /** Options for Node itself. */
  readonly nodeOptions?: readonly string[]
}

export const benches: readonly Bench[] = [
  {
    name: 'docs',
    file: 'docs',
    shows: 'whether each block of the README and the documents runs, in an empty folder or on a stage',
    needsProgram: true,
  },
  { name: 'codec', file: 'codec', shows: 'time to pack and unpack a message, beside the iso_8583 library' },
  {
    name: 'start-up',
    file: 'start-up',
    shows: 'processor time of the light commands, as multiples of `node -e 0`',
    needsProgram: true,
  },
  {
    name: 'baseline',
    file: 'baseline',
    shows: 'whether this commit is slower than the figures of bench/baseline.json',
  },
  {
    name: 'node-versions',
    file: 'node-versions',
    shows: 'the test suite on Node 20, 22 and 24',
    needsProgram: true,
  },
  {
    name: 'mutants',
    file: 'mutants',
    shows: 'whether the tests notice lines of src/ that are broken one at a time',
    needsProgram: true,
  },
  { name: 'ledger', file: 'ledger', shows: 'what the ledger adds to the response time of a run' },
  { name: 'speed', file: 'speed', shows: 'what terminals and an acquirer take, as parts of a plain Node echo' },
  {
    name: 'workers',
    file: 'workers',
    shows: 'what two generators make of a raw echo host, as a ratio to one',
    needsProgram: true,
  },
  { name: 'stages', file: 'stages', shows: 'what one transaction costs each side, stage by stage, in µs and bytes' },
  {
    name: 'pace',
    file: 'pace',
    shows: 'how well a schedule is kept and for how much of a core, and a rate that nobody can keep',
    needsProgram: true,
  },
  {
    name: 'scale',
    file: 'scale',
    shows: 'memory of an idle terminal, 100,000 exchanges in flight, and the cost of a sale by connections',
  },
  { name: 'proxy', file: 'proxy', shows: 'what the proxy adds to a line, beside a plain pipe' },
  { name: 'causes', file: 'causes', shows: 'how often the cause of a late payment is named rightly, in blind trials' },
  { name: 'outside', file: 'outside', shows: 'the same on hosts, lines and captures that this project did not make' },
  {
    name: 'conditions',
    file: 'conditions',
    shows: 'whether each condition fails, is named, and is cured by its remedies',
  },
  { name: 'simulate', file: 'simulate', shows: 'random faults and crashes in virtual time: the books must agree' },
  {
    name: 'simulate:mutants',
    file: 'simulate-mutants',
    shows: 'whether the simulations find deliberate defects, of money or of a run on a bus',
  },
  {
    name: 'simulate:cluster',
    file: 'simulate-cluster',
    shows: 'random deaths, freezes and partitions of a run on a bus: nothing is lost unsaid',
  },
  {
    name: 'crash-test',
    file: 'crash-test',
    shows: 'kill -9 of real processes: journal, ledger and wire must agree',
    needsProgram: true,
  },
  {
    name: 'test-cluster',
    file: 'test-cluster',
    shows: 'real servers and processes killed in the middle of a run: shared ledgers, runs on a bus',
    needsProgram: true,
  },
  {
    name: 'attack',
    file: 'attack',
    shows: 'hostile peers against both roles and the proxy: crashes, memory, descriptors, other clients',
    needsProgram: true,
  },
  {
    name: 'unreadable',
    file: 'unreadable',
    shows: 'what a message that cannot be read costs the acquirer, beside a sale',
    needsProgram: true,
  },
  {
    name: 'many-terminals',
    file: 'many-terminals',
    shows: '10,000 terminals with a connection each come up, or a line says which limit forbids it',
    needsProgram: true,
  },
  { name: 'soak', file: 'soak', shows: 'memory of a long run at a steady rate', needsProgram: true },
  {
    name: 'end-of-run',
    file: 'end-of-run',
    shows: 'how long the event loop stands still while a long result is made and written',
  },
  {
    name: 'truth',
    file: 'truth',
    shows: 'service times against the packets of tcpdump, and the share of late answers against arithmetic',
  },
  { name: 'agreement', file: 'agreement', shows: 'whether virtual time gives the percentiles of real time' },
  {
    name: 'day',
    file: 'day',
    shows: 'time and memory for a day of 100,000 terminals in virtual time',
    nodeOptions: ['--max-semi-space-size=32', '--max-old-space-size=1280'],
  },
  { name: 'compare', file: 'compare', shows: 'how often equal runs alarm, and how often a slower host is found' },
  {
    name: 'test:browser',
    file: 'test-browser',
    shows: 'the HTML report in Chromium: charts, hostile names, phone, dark, paper',
  },
  {
    name: 'package',
    file: 'package',
    shows: 'the packed package in a project of its own: types, a test of a host, the commands',
    needsProgram: true,
  },
  {
    name: 'peers',
    file: 'peers',
    shows: 'messages and streams that jPOS, j8583, pyiso8583, iso_8583 and moov packed; runs with each spec',
  },
  {
    name: 'fuzz',
    file: 'fuzz',
    shows: 'random and mutated input for every dialect and importer',
    // The built-in dialects live for ever, so the engine puts what is made like them among the old: each imported one would
    // be kept for a full collection, for twice the processor time.
    nodeOptions: ['--no-allocation-site-pretenuring'],
  },
  { name: 'proof:faults', file: 'proof-faults', shows: 'line faults on real connections: asked for against measured' },
  {
    name: 'proof:outside',
    file: 'outside-means',
    shows: 'causes that the operating system makes, named by a run of real processes',
    needsProgram: true,
  },
]

/** Takes a whole screen of names at most. */
export function benchTable(): string {
  const width = Math.max(...benches.map(({ name }) => name.length)) + 2
  const rows = benches.map(({ name, shows }) => `  ${name.padEnd(width)}${shows}`)
  return ['npm run bench -- NAME [flags]', '', ...rows, '', 'bench/NAME.ts begins with its flags.'].join('\n')
}
