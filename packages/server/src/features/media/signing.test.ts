import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newImageKey } from './files.ts'
import { createImageSigner } from './signing.ts'

const HOUR = 60 * 60 * 1000
const NOON = Date.UTC(2026, 0, 15, 12)

/** A signer whose clock the test moves. */
function signerAt(start: number, secret = 'a secret of the server') {
  const clock = { now: start }
  return { clock, signer: createImageSigner(secret, () => clock.now) }
}

function parse(query: string) {
  const parameters = new URLSearchParams(query)
  return { exp: parameters.get('exp') ?? '', sig: parameters.get('sig') ?? '' }
}

const key = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 })
const moment = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2100, 0) })

describe('a signature', () => {
  test('opens its image for at least 12 and at most 24 hours, whatever the key and the time', () => {
    fc.assert(
      fc.property(key, moment, (image, start) => {
        const { clock, signer } = signerAt(start)
        const query = parse(signer.sign(image))

        expect(signer.verify(image, query)).toBeGreaterThanOrEqual(12 * 60 * 60 - 1)
        expect(signer.verify(image, query)).toBeLessThanOrEqual(24 * 60 * 60)
        clock.now = start + 12 * HOUR - 2000
        expect(signer.verify(image, query)).toBeGreaterThan(0)
        clock.now = start + 24 * HOUR
        expect(signer.verify(image, query)).toBeUndefined()
      }),
    )
  })

  test('stays the same for 12 hours and is another one then, and changes at another time for each image', () => {
    const { clock, signer } = signerAt(NOON)
    const changes = new Set<number>()
    for (const image of Array.from({ length: 20 }, newImageKey)) {
      const seen = new Map<string, number>()
      for (let minute = 0; minute < 24 * 60; minute += 10) {
        clock.now = NOON + minute * 60_000
        const query = signer.sign(image)
        if (!seen.has(query)) seen.set(query, minute)
      }
      const starts = [...seen.values()]
      expect(starts.length).toBeLessThanOrEqual(3)
      for (const minute of starts) if (minute > 0) changes.add(minute)
    }
    expect(changes.size).toBeGreaterThan(5)
  })

  test('is made alike by every server with the same secret, and by none with another', () => {
    const image = newImageKey()
    const query = signerAt(NOON).signer.sign(image)

    expect(signerAt(NOON).signer.sign(image)).toBe(query)
    expect(signerAt(NOON, 'another secret').signer.verify(image, parse(query))).toBeUndefined()
  })

  test('opens no other image', () => {
    const { signer } = signerAt(NOON)
    fc.assert(
      fc.property(key, key, (one, other) => {
        fc.pre(one !== other)
        expect(signer.verify(other, parse(signer.sign(one)))).toBeUndefined()
      }),
    )
  })

  test('with any part of it changed opens nothing', () => {
    const { signer } = signerAt(NOON)
    const image = newImageKey()
    const query = signer.sign(image)
    const right = parse(query)
    const letter = fc.constantFrom(...'ABCXYZabcxyz0123456789-_+/=. \u0000é')

    fc.assert(
      fc.property(
        fc.constantFrom('exp', 'sig'),
        fc.nat(),
        fc.constantFrom('replace', 'insert', 'remove'),
        letter,
        (part, place, how, other) => {
          const text = right[part]
          const at = place % text.length
          const changed =
            text.slice(0, at) + (how === 'remove' ? '' : other) + text.slice(how === 'insert' ? at : at + 1)
          fc.pre(changed !== text)
          expect(signer.verify(image, { ...right, [part]: changed })).toBeUndefined()
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('is not what any text may be', () => {
    const { signer } = signerAt(NOON)
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (image, exp, sig) => {
        expect(signer.verify(image, { exp, sig })).toBeUndefined()
      }),
    )
  })
})
