// Text of other people (names in a file, what a peer said) as it may be shown: it cannot move the cursor of a terminal, turn
// the direction of a line, or mean something to Markdown or HTML. For Markdown see report/layout/table.ts.

/**
 * Control characters; marks that turn the direction of text (Unicode Standard Annex 9) or that nobody sees; and the line
 * and paragraph separators.
 */
const unseen = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
/** A line may end as CSV and Windows end one: a carriage return right before its line feed overwrites nothing. */
const unseenButLayout = new RegExp(`(?![\\n\\t]|\\r\\n)${unseen.source}`, 'gu')

/** A dot in the place of every character that is no mark on the screen. */
export const printable = (text: string): string => text.replace(unseen, '·')

/** The same for a text of several lines, which keeps its ends of lines and its tabulators. */
export const printableLines = (text: string): string => text.replace(unseenButLayout, '·')

/** JSON text that says the same, with every character escaped that would act on a terminal. */
export const printableJson = (json: string): string =>
  json.replace(unseenButLayout, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** `text` as it may stand between tags and in a quoted attribute of HTML. */
export const htmlText = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => entities[character] as string)
