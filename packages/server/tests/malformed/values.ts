/** What clients send that they should not: values of every wrong kind, for any place where a value may stand. */
import fc from 'fast-check'

const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`

/** Strings that have broken programs before. */
const cruelTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'a\udfffb',
  '\u202Eabc',
  '\uFEFF',
  '\u0000\u0001\u001F\u007F\u0085',
  'é'.repeat(400),
  '👩‍👩‍👧‍👦'.repeat(60),
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢',
  "'; DROP TABLE users; --",
  '%',
  '_',
  '\\',
  '%_\\%',
  '{"$gt":""}',
  '<script>',
  '../../../../etc/passwd',
  '__proto__',
  'constructor',
  'null',
  'undefined',
  'NaN',
  'true',
  'infinity',
  '1e400',
  '-0',
  '0x10',
  '٣',
  '9'.repeat(40),
  '2026-13-45T99:99:99Z',
  '+275760-09-13T00:00:00.001Z',
  'x'.repeat(10_001),
]

/** Texts of every kind; one in a hundred is as large as a whole body may be. */
export const wrongText: fc.Arbitrary<string> = fc.oneof(
  { weight: 50, arbitrary: fc.constantFrom(...cruelTexts) },
  // What Postgres cannot store, and what JSON cannot say, above all.
  { weight: 10, arbitrary: fc.constantFrom('\0', 'a\0b', 'a\0', '\ud800', 'a\udfffb') },
  { weight: 20, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 19, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
  { weight: 1, arbitrary: fc.constant('y'.repeat(230_000)) },
)

/** Numbers that are no ids, and ids of nothing. */
export const wrongNumber: fc.Arbitrary<number> = fc.constantFrom(
  -1,
  0,
  -0,
  1.5,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  -(2 ** 63),
  1e21,
  1e308,
  5e-324,
  Number.MAX_SAFE_INTEGER,
)

/** The same as they stand in a path or a query. None may be taken for the id of something that exists. */
export const wrongIdText: fc.Arbitrary<string> = fc.constantFrom(
  ...[
    '-1',
    '0',
    '00',
    '+7777777',
    '7777777.0',
    '7777777.5',
    '7777777e3',
    '1e400',
    'NaN',
    'Infinity',
    '0x7777777',
    '7777777,2',
    '7777777 ',
    ' ',
    '٧٧٧٧٧٧٧',
    '７７７７７７７',
  ],
  ...['2147483648', '9007199254740993', '9223372036854775807', '9223372036854775808', '9'.repeat(150), '9'.repeat(300)],
  ...[
    'null',
    'undefined',
    'me',
    '__proto__',
    'constructor',
    "7777777'--",
    '7777777;',
    '../7777777',
    '..',
    '.',
    '\0',
    '7777777\0',
    'é',
    '\ufffd',
  ],
)

/** JSON values of the wrong kind: null, lists, objects, prototype keys, and nesting. */
export const wrongValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: wrongText },
  { weight: 3, arbitrary: wrongNumber },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], [{}], { id: 1 }, { length: 9 }),
  },
  { weight: 1, arbitrary: fc.array(fc.oneof(wrongNumber, wrongText), { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(Array(1_001).fill(1), Array(30).fill('\0')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'bytes', '').map(
      // Built from text: as an own key, `__proto__` cannot be written in a literal.
      (key) => JSON.parse(`{${JSON.stringify(key)}: {"polluted": true, "bytes": [1]}}`),
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
)

/** Texts that are not JSON, or JSON that is no object, as whole bodies and frames. */
export const wrongJsonText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        '{"a":',
        '{"a":1,}',
        "{'a':1}",
        '{"a":01}',
        '{"a":1e}',
        '{"a":"\t"}',
        '{"a":"\\ud800"}',
        '\ufeff{}',
      ],
      ...[
        'nul',
        'NaN',
        '-',
        '"',
        '"\\u12"',
        '\0',
        '{}{}',
        '{}\0',
        '//',
        '0',
        '1e400',
        '-1e400',
        '"text"',
        'null',
        'true',
        '[]',
      ],
      ...['[{}]', '{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"":0}', '{"a":1,"a":2}'],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      nested(10_000, '[', ']'),
      nested(5_000, '{"a":', '}'),
      '['.repeat(20_000),
      '{"a":'.repeat(4_000),
      `{"type":${nested(4_000, '[', ']')},"content":${nested(4_000, '[', ']')}}`,
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)
