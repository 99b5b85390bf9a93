// Each field class of jPOS against bytes that were written by hand from what the class does.

import { describe, expect, test } from 'vitest'
import { fieldClasses, shortName } from '../../../../src/codec/importers/jpos/jpos-classes.js'
import type { FieldValue } from '../../../../src/codec/message.js'
import { codecOf, isofield, packField, unpackField } from './jpos-spec.js'

interface Case {
  readonly name: string
  readonly length: number
  readonly more?: string
  readonly value: FieldValue
  readonly bytes: string
  /** The value that comes back, where that is not what was packed. */
  readonly back?: FieldValue
}

const text = (value: string) => Buffer.from(value, 'latin1').toString('hex').toUpperCase()

const cases: readonly Case[] = [
  { name: 'IF_CHAR', length: 4, value: 'AB', bytes: text('AB  ') },
  { name: 'IF_ECHAR', length: 3, value: 'A1', bytes: 'C1F140' },
  { name: 'IF_NOP', length: 0, value: '', bytes: '' },
  { name: 'IF_TCHAR', length: 20, more: 'token="|"', value: 'ABC', bytes: text('ABC|') },
  { name: 'IF_FCHAR', length: 99, value: 'REST', bytes: text('REST') },
  { name: 'IF_FBINARY', length: 99, value: '00FF10', bytes: '00FF10' },
  { name: 'IFA_NUMERIC', length: 6, value: '000123', bytes: text('000123') },
  { name: 'IFA_AMOUNT', length: 9, value: 'C00001234', bytes: text('C00001234') },
  { name: 'IFA_AMOUNT2003', length: 16, value: '8402000000001234', bytes: text('8402000000001234') },
  { name: 'IFA_BINARY', length: 3, value: 'A1B2C3', bytes: text('A1B2C3') },
  { name: 'IFA_LCHAR', length: 9, value: 'ABC', bytes: text('3ABC') },
  { name: 'IFA_LLCHAR', length: 99, value: 'ABC', bytes: text('03ABC') },
  { name: 'IFA_LLLCHAR', length: 999, value: 'ABC', bytes: text('003ABC') },
  { name: 'IFA_LLLLCHAR', length: 9999, value: 'ABC', bytes: text('0003ABC') },
  { name: 'IFA_LLLLLCHAR', length: 99999, value: 'ABC', bytes: text('00003ABC') },
  { name: 'IFA_LLLLLLCHAR', length: 999999, value: 'ABC', bytes: text('000003ABC') },
  { name: 'IFA_LLNUM', length: 19, value: '12345', bytes: text('0512345') },
  { name: 'IFA_LLLNUM', length: 999, value: '12345', bytes: text('00512345') },
  { name: 'IFA_LBINARY', length: 9, value: '0102', bytes: '320102' },
  { name: 'IFA_LLBINARY', length: 99, value: '0102', bytes: '30320102' },
  { name: 'IFA_LLLBINARY', length: 999, value: '0102', bytes: '3030320102' },
  { name: 'IFA_LLLLLLBINARY', length: 999999, value: '0102', bytes: '3030303030320102' },
  { name: 'IFA_LLABINARY', length: 99, value: 'AB01', bytes: text('02AB01') },
  { name: 'IFA_LLLABINARY', length: 999, value: 'AB01', bytes: text('002AB01') },
  { name: 'IFA_LLBNUM', length: 19, more: 'pad="true"', value: '123', bytes: `${text('04')}0123`, back: '0123' },
  { name: 'IFA_LLBNUM', length: 19, value: '123', bytes: `${text('04')}1230`, back: '1230' },
  { name: 'IFA_FLLCHAR', length: 5, value: 'AB', bytes: text('02AB   ') },
  { name: 'IFA_FLLNUM', length: 5, value: '12', bytes: text('0212   ') },
  { name: 'IFB_NUMERIC', length: 3, more: 'pad="true"', value: '840', bytes: '0840' },
  { name: 'IFB_NUMERIC', length: 3, more: 'pad="false"', value: '840', bytes: '8400' },
  { name: 'IFB_NUMERIC', length: 3, value: '840', bytes: '8400' },
  { name: 'IFB_FNUMERIC', length: 3, value: '840', bytes: '840F' },
  { name: 'IFB_FNUMERIC', length: 3, more: 'pad="true"', value: '840', bytes: '0840' },
  { name: 'IFB_AMOUNT', length: 9, value: 'D00001234', bytes: '4400001234' },
  { name: 'IFB_AMOUNT2003', length: 16, value: '8402000000001234', bytes: '8402000000001234' },
  { name: 'IFB_HEX', length: 4, value: 'AB12', bytes: 'AB12' },
  { name: 'IFB_HEX', length: 3, value: 'AB1', bytes: 'AB1F' },
  { name: 'IFB_HEX', length: 3, more: 'pad="true"', value: 'AB1', bytes: '0AB1' },
  { name: 'IFB_BINARY', length: 2, value: '00FF', bytes: '00FF' },
  { name: 'IFB_LLNUM', length: 19, more: 'pad="true"', value: '123', bytes: '030123' },
  { name: 'IFB_LLNUM', length: 19, value: '123', bytes: '031230' },
  { name: 'IFB_LLLNUM', length: 99, value: '1234', bytes: '00041234' },
  { name: 'IFB_FLLNUM', length: 19, value: '123', bytes: '03123F' },
  { name: 'IFB_FLLLNUM', length: 99, value: '123', bytes: '0003123F' },
  { name: 'IFB_LLCHAR', length: 99, value: 'ABC', bytes: `03${text('ABC')}` },
  { name: 'IFB_LLLCHAR', length: 999, value: 'ABC', bytes: `0003${text('ABC')}` },
  { name: 'IFB_LLLLCHAR', length: 9999, value: 'ABC', bytes: `0003${text('ABC')}` },
  { name: 'IFB_LLLLLLCHAR', length: 999999, value: 'ABC', bytes: `000003${text('ABC')}` },
  { name: 'IFB_LLBINARY', length: 99, value: 'FFFE', bytes: '02FFFE' },
  { name: 'IFB_LLLBINARY', length: 999, value: 'FFFE', bytes: '0002FFFE' },
  { name: 'IFB_LLLLBINARY', length: 9999, value: 'FFFE', bytes: '0002FFFE' },
  { name: 'IFB_LLHNUM', length: 19, more: 'pad="true"', value: '123', bytes: '030123' },
  { name: 'IFB_LLLHNUM', length: 999, value: '1234', bytes: '00041234' },
  { name: 'IFB_LLHCHAR', length: 255, value: 'ABC', bytes: `03${text('ABC')}` },
  { name: 'IFB_LLLHCHAR', length: 999, value: 'ABC', bytes: `0003${text('ABC')}` },
  { name: 'IFB_LLHECHAR', length: 255, value: 'AB', bytes: '02C1C2' },
  { name: 'IFB_LLLHECHAR', length: 999, value: 'AB', bytes: '0002C1C2' },
  { name: 'IFB_LLHBINARY', length: 255, value: 'FFFE', bytes: '02FFFE' },
  { name: 'IFB_LLHBINARY', length: 255, more: 'inclusive="true"', value: 'FFFE', bytes: '03FFFE' },
  { name: 'IFB_LLLHBINARY', length: 999, more: 'inclusive="true"', value: 'FFFE', bytes: '0004FFFE' },
  { name: 'IFB_LHBINARY', length: 255, value: 'FFFE', bytes: '02FFFE' },
  { name: 'IFB_LLHFBINARY', length: 4, value: 'FFFE', bytes: '02FFFE0000' },
  { name: 'IFB_LLHEX', length: 20, value: 'FFFE', bytes: '04FFFE' },
  { name: 'IFB_LLLHEX', length: 20, value: 'FFFE', bytes: '0004FFFE' },
  { name: 'IFE_NUMERIC', length: 4, value: '0042', bytes: 'F0F0F4F2' },
  { name: 'IFE_SIGNED_NUMERIC', length: 4, value: '-0123', bytes: 'F0F1F2D3' },
  { name: 'IFE_SIGNED_NUMERIC', length: 4, value: '0123', bytes: 'F0F1F2F3' },
  { name: 'IFE_SIGNED_NUMERIC', length: 4, value: '-7', bytes: 'F0F0F0D7', back: '-0007' },
  { name: 'IFE_CHAR', length: 3, value: 'AB', bytes: 'C1C240' },
  { name: 'IFE_AMOUNT', length: 5, value: 'C0012', bytes: 'C3F0F0F1F2' },
  { name: 'IFE_BINARY', length: 2, value: 'A10F', bytes: 'C1F1F0C6' },
  { name: 'IFE_LNUM', length: 9, value: '12', bytes: 'F2F1F2' },
  { name: 'IFE_LLNUM', length: 19, value: '12', bytes: 'F0F2F1F2' },
  { name: 'IFE_LLLNUM', length: 19, value: '12', bytes: 'F0F0F2F1F2' },
  { name: 'IFE_LCHAR', length: 9, value: 'A', bytes: 'F1C1' },
  { name: 'IFE_LLCHAR', length: 99, value: 'A', bytes: 'F0F1C1' },
  { name: 'IFE_LLLCHAR', length: 999, value: 'A', bytes: 'F0F0F1C1' },
  { name: 'IFE_LLLLCHAR', length: 9999, value: 'A', bytes: 'F0F0F0F1C1' },
  { name: 'IFE_LBINARY', length: 9, value: '0102', bytes: 'F20102' },
  { name: 'IFE_LLBINARY', length: 99, value: '0102', bytes: 'F0F20102' },
  { name: 'IFE_LLLBINARY', length: 999, value: '0102', bytes: 'F0F0F20102' },
  { name: 'IFE_LLLLBINARY', length: 9999, value: '0102', bytes: 'F0F0F0F20102' },
  { name: 'IFE_LLLEBINARY', length: 999, value: 'A1', bytes: 'F0F0F2C1F1' },
  { name: 'IFEA_LLCHAR', length: 99, value: 'A', bytes: `F0F1${text('A')}` },
  { name: 'IFAE_LLCHAR', length: 99, value: 'A', bytes: `${text('01')}C1` },
  { name: 'IFEB_LLNUM', length: 19, value: '123', bytes: 'F0F2123F' },
  { name: 'IFEB_LLLNUM', length: 19, value: '1234', bytes: 'F0F0F21234' },
]

describe('a field of class', () => {
  for (const { name, length, more = '', value, bytes, back = value } of cases) {
    test(`${name} of ${length} ${more} is ${bytes}, both ways`, () => {
      const codec = codecOf(isofield(60, name, length, more))
      expect(packField(codec, value)).toBe(bytes)
      expect(unpackField(codec, bytes)).toEqual(back)
      expect(packField(codec, back)).toBe(bytes)
    })
  }
})

describe('every field class', () => {
  const inContainers = Object.entries(fieldClasses).filter(([, { tag, leading }]) => tag !== undefined || leading)

  for (const [name, fieldClass] of Object.entries(fieldClasses)) {
    if (inContainers.some(([other]) => other === name)) continue
    test(`${name} compiles at its largest length`, () => {
      const length = fieldClass.max ?? (name.includes('AMOUNT') ? 9 : 8)
      expect(() => codecOf(isofield(60, name, length, 'token="|"'))).not.toThrow()
    })
    if (fieldClass.max !== undefined) {
      test(`${name} refuses a length above ${fieldClass.max}`, () => {
        expect(() => codecOf(isofield(60, name, fieldClass.max! + 1))).toThrow(/^test\.xml:5:1 field 60: length/)
      })
    }
  }
})

test('a class name is known by its last part and without white space', () => {
  expect(shortName(' org.jpos.iso.IFB_BINARY ')).toBe('IFB_BINARY')
})

test('track 2 in packed digits has = for the half byte D', () => {
  const codec = codecOf(isofield(35, 'IFB_LLNUM', 37, 'pad="true"'))
  const bytes = Buffer.from('08000000000020000000' + '09' + '0123456D78', 'hex')
  expect(codec.unpack(bytes).fields['35']).toBe('123456=78')
  expect(Buffer.from(codec.pack(codec.unpack(bytes)))).toEqual(bytes)
})
