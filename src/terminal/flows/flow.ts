// A flow is a table of states, events and next states. An event that stands in no row of its state is an error.

export interface Flow<State extends string = string, Event extends string = string> {
  readonly name: string
  readonly start: NoInfer<State>
  readonly table: Readonly<Record<State, Readonly<Partial<Record<Event, NoInfer<State>>>>>>
}

export function defineFlow<State extends string, Event extends string>(flow: Flow<State, Event>): Flow<State, Event> {
  return flow
}

/** The state after `event`. Throws FlowError where the table has no such entry. */
export function step<State extends string, Event extends string>(
  flow: Flow<State, Event>,
  state: State,
  event: Event,
): State {
  const next = flow.table[state][event]
  if (next === undefined) throw new FlowError(flow.name, state, event)
  return next
}

/** Nothing leads on from here. */
export function isEnd<State extends string, Event extends string>(flow: Flow<State, Event>, state: State): boolean {
  return Object.keys(flow.table[state]).length === 0
}

/** Our own fault: something happened that cannot happen in this state. */
export class FlowError extends Error {
  override readonly name = 'FlowError'

  constructor(flow: string, state: string, event: string) {
    super(`${flow}: '${event}' cannot happen in state '${state}'`)
  }
}

/** The table as a Mermaid state diagram. */
export function diagram<State extends string, Event extends string>({ start, table }: Flow<State, Event>): string {
  const lines = Object.entries<Readonly<Partial<Record<Event, State>>>>(table).flatMap(([state, row]) => {
    const ways = Object.entries<State | undefined>(row).map(([event, next]) => `  ${state} --> ${next}: ${event}`)
    return ways.length === 0 ? [`  ${state} --> [*]`] : ways
  })
  return ['stateDiagram-v2', `  [*] --> ${start}`, ...lines, ''].join('\n')
}
