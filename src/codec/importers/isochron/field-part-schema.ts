// Shapes that several rules of a dialect file share: a field's number, a part of its text, a condition.

import { z } from 'zod'
import { compact } from '../compact.js'

export const fieldNumber = z.number().int().min(1).max(192)

/** The keys of FieldPart, for rules that have more of their own. */
export const partShape = { field: fieldNumber, from: z.int().min(0).optional(), to: z.int().min(0).optional() }

export const fieldPartSchema = z.strictObject(partShape).transform(compact)

export const matched = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
