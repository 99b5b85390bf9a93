// Text in columns where characters may be two columns wide, as Chinese ones are.

/** Columns that a text takes in a terminal: East Asian wide and full-width characters take two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += wide.test(character) ? 2 : 1
  return width
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u

export function padDisplay(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

export function padDisplayStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}

/** Lines of `rows`, two spaces between columns; columns in `right` stand right, the others left. */
export function wideColumns(rows: readonly (readonly string[])[], right: readonly number[] = []): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  )
  const cell = (text: string, column: number) =>
    right.includes(column) ? padDisplayStart(text, widths[column] ?? 0) : padDisplay(text, widths[column] ?? 0)
  return rows.map((row) => row.map(cell).join('  ').trimEnd())
}
