/** Who may import whom. Each rule gives a sentence for every import that breaks it. */
import path from 'node:path'
import type { SourceFile } from './source-tree.ts'

/** Packages of ours that each package may use; tests may use the test kit besides. */
const packages: Record<string, readonly string[]> = {
  contract: [],
  client: ['contract'],
  web: ['client', 'contract'],
  server: ['contract'],
  testkit: ['contract', 'server', 'client'],
}

/** The features of the server, in the order in which one may use another: only earlier ones. */
export const features = [
  'media',
  'presence',
  'accounts',
  'notifications',
  'rooms',
  'people',
  'receipts',
  'typing',
  'search',
  'messages',
  'privacy',
  'sync',
]

/** The layers of the server from the bottom up: a file may use its own layer and those below. */
const layers: readonly { name: string; holds: RegExp; isSplit?: boolean }[] = [
  { name: 'lib', holds: /^lib\// },
  { name: 'db', holds: /^db\// },
  { name: 'ground', holds: /^(config[\w-]*|ctx|chat-error|secret-key|metrics)\.ts$/ },
  { name: 'wire', holds: /^wire\// },
  { name: 'http and realtime', holds: /^(http|realtime)\//, isSplit: true },
  { name: 'features', holds: /^features\// },
  { name: 'compat', holds: /^compat\// },
  { name: 'app', holds: /^app\.ts$/ },
  { name: 'cli', holds: /^cli\// },
  { name: 'main', holds: /^main\.ts$/ },
]

/** By what a feature may be used from outside; pictures are taken in by several, through one helper. */
const doors = /^features\/(\w+\/([\w-]+-)?(service|access)|media\/upload)\.ts$/

/** Which kinds of files of a feature may use which, the highest first. */
const kinds = [/(^|-)routes\.ts$/, /(^|-)service\.ts$/, /(^|-)access\.ts$/, /(^|-)queries\.ts$/]

type Edge = { from: string; to: string }

/** All that breaks a rule, as sentences. */
export function violations(files: readonly SourceFile[]): string[] {
  const built = files.filter((file) => !isTest(file.path))
  const edges = built.flatMap(edgesOf)
  const found = [
    ...built.flatMap(foreignImports),
    ...edges.flatMap(acrossPackages),
    ...edges.flatMap(upTheLayers),
    ...edges.flatMap(betweenFeatures),
    ...edges.flatMap(insideFeature),
    ...edges.flatMap(insideWeb),
    ...cycles(edges),
  ]
  return [...new Set(found)]
}

/** Tests and what only they use. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$|\/testing\.ts$|\/tests\//.test(file)
}

function edgesOf(file: SourceFile): Edge[] {
  return file.imports.flatMap(({ target }) => (target === undefined ? [] : [{ from: file.path, to: target }]))
}

function foreignImports(file: SourceFile): string[] {
  if (!file.path.startsWith('packages/contract/')) return []
  return file.imports
    .filter(({ specifier, target }) => target === undefined && specifier !== 'typebox')
    .map(({ specifier }) => `${file.path} imports ${specifier}: the contract knows only typebox`)
}

function packageOf(file: string): string | undefined {
  return /^packages\/(\w+)\//.exec(file)?.[1]
}

function acrossPackages({ from, to }: Edge): string[] {
  const here = packageOf(from)
  const there = packageOf(to)
  if (here === undefined || there === undefined || here === there) return []
  if (!packages[here]) return [`${from}: the package ${here} has no place in the import rules`]
  return packages[here].includes(there) ? [] : [`${from} imports ${to}: ${here} may not use ${there}`]
}

/** The path inside the server's sources. */
function inServer(file: string): string | undefined {
  return file.startsWith('packages/server/src/') ? file.slice('packages/server/src/'.length) : undefined
}

function upTheLayers({ from, to }: Edge): string[] {
  const [here, there] = [inServer(from), inServer(to)]
  if (here === undefined || there === undefined) return []
  const [low, high] = [here, there].map((file) => layers.findIndex((layer) => layer.holds.test(file)))
  if (low === undefined || low === -1) return [`${from} is in no layer of the import rules`]
  if (high === undefined || high === -1) return [`${to} is in no layer of the import rules`]
  if (low < high) return [`${from} imports ${to}: ${layers[low]?.name} may not use ${layers[high]?.name}`]
  const isSideways = low === high && layers[low]?.isSplit && path.dirname(here).split('/')[0] !== there.split('/')[0]
  return isSideways ? [`${from} imports ${to}: http and realtime do not know each other`] : []
}

function featureOf(file: string): string | undefined {
  return /^features\/(\w+)\//.exec(inServer(file) ?? '')?.[1]
}

function betweenFeatures({ from, to }: Edge): string[] {
  const here = featureOf(from)
  const there = featureOf(to)
  if (here !== undefined && !features.includes(here)) return [`${from}: ${here} is not in the list of features`]
  if (there === undefined || here === there) return []
  const isInside = here === undefined && !inServer(from)?.startsWith('compat/')
  if (!isInside && !doors.test(inServer(to) ?? '')) {
    return [`${from} imports ${to}: a feature is used through its service and access only`]
  }
  if (here === undefined || features.indexOf(there) < features.indexOf(here)) return []
  return [`${from} imports ${to}: ${there} comes after ${here}`]
}

function insideFeature({ from, to }: Edge): string[] {
  if (featureOf(from) === undefined || featureOf(from) !== featureOf(to)) return []
  const [here, there] = [from, to].map((file) => kinds.findIndex((kind) => kind.test(path.basename(file))))
  if (here === undefined || there === undefined || here === -1 || there === -1) return []
  return here > there ? [`${from} imports ${to}: it goes routes, service, access, queries`] : []
}

/** The parts of the web app from the bottom up: a part may use those before it, and a feature no other. */
const webParts = ['lib', 'ui', 'features', 'app']

function insideWeb({ from, to }: Edge): string[] {
  const source = 'packages/web/src/'
  if (!from.startsWith(source) || !to.startsWith(source)) return []
  const [here = '', feature] = from.slice(source.length).split('/')
  const [there = '', other] = to.slice(source.length).split('/')
  const [low, high] = [webParts.indexOf(here), webParts.indexOf(there)]
  if (low === -1) return [`${from} is in no part of the web app`]
  if (low < high) return [`${from} imports ${to}: ${here} may not use ${there}`]
  if (here !== 'features' || there !== 'features' || feature === other) return []
  return [`${from} imports ${to}: features of the web app do not know each other`]
}

/** One sentence for each knot of files that import each other, however indirectly. */
function cycles(edges: readonly Edge[]): string[] {
  const targets = Map.groupBy(edges, (edge) => edge.from)
  const reachedFrom = new Map<string, Set<string>>()
  const reach = (start: string): Set<string> => {
    const seen = new Set<string>()
    const waiting = [start]
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      for (const { to } of targets.get(file) ?? []) {
        if (seen.has(to)) continue
        seen.add(to)
        waiting.push(to)
      }
    }
    return seen
  }
  for (const file of targets.keys()) reachedFrom.set(file, reach(file))
  const knots = [...targets.keys()]
    .filter((file) => reachedFrom.get(file)?.has(file))
    .map((file) => [...targets.keys()].filter((other) => isKnotted(reachedFrom, file, other)).join(', '))
  return [...new Set(knots)].map((knot) => `these import each other: ${knot}`)
}

function isKnotted(reachedFrom: ReadonlyMap<string, Set<string>>, one: string, other: string): boolean {
  return Boolean(reachedFrom.get(one)?.has(other) && reachedFrom.get(other)?.has(one))
}
