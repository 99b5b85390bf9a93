import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readCards } from '../../../src/run/files/read-cards.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-cards-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function cardsIn(text: string) {
  const file = join(folder, 'cards.csv')
  writeFileSync(file, text)
  return readCards(file)
}

test('cards are read, and what a line leaves out is made', () => {
  const madeTrack = (pan: string, expiry: string) => {
    const track2 = `${pan}=${expiry}2010000000000`
    const track1 = `B${pan}^CARD/TEST^${expiry}2010000000000`
    return { pan, expiry, track1, track2, chipTrack2: track2, cvv2: '', serviceCode: '201' }
  }
  expect(cardsIn('pan,expiry,sequence\n6200000000000005,3012,\n4111111111111111,2911,2\n')).toEqual([
    { ...madeTrack('6200000000000005', '3012'), sequence: '001' },
    { ...madeTrack('4111111111111111', '2911'), sequence: '002' },
  ])
})

test('a track 2 as it stands in BCD is taken too', () => {
  expect(cardsIn('pan,expiry,track2\n6200000000000005,3012,6200000000000005D3012201\n')[0]?.track2).toBe(
    '6200000000000005=3012201',
  )
})

describe('a file that is wrong is refused by its line, and no card is shown', () => {
  const cases = [
    ['a wrong number', 'pan,expiry\n62000000000000,3012\n6200X00000000005,3012\n', 'cards.csv:3 column pan'],
    ['a wrong expiry', 'pan,expiry\n6200000000000005,1330\n', 'cards.csv:2 column expiry'],
    ['a wrong track', 'pan,expiry,track2\n6200000000000005,3012,==\n', 'cards.csv:2 column track2'],
    ['an unknown column', 'pan,expiry,cvv\n6200000000000005,3012,123\n', 'cards.csv:1 unknown column'],
    ['a line too long', 'pan,expiry\n6200000000000005,3012,1\n', 'not a CSV file with as many columns'],
    ['no cards', 'pan,expiry\n', 'no cards: expected a header line'],
  ] as const
  for (const [name, text, says] of cases) {
    test(name, () => {
      expect(() => cardsIn(text)).toThrow(says)
      expect(() => cardsIn(text)).not.toThrow(/620000/)
    })
  }

  test('a file that is not there', () => {
    expect(() => readCards(join(folder, 'none.csv'))).toThrow('cannot be read (ENOENT: there is no such file)')
  })
})
