// The map, executable: who may import whom (src/lib/server/README.md). A failure names the import and the rule.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/** Right may be used by left, never the other way round. */
const ORDER = [
  'jobs',
  'compliance',
  'reports',
  'evaluations',
  'incidents',
  'applications',
  'registers',
  'monitoring',
  'observations',
  'signatures',
  'revocation',
  'certificates',
  'auth',
  'notifications',
  'documents',
  'history',
  'agencies',
  'files',
  'settings',
  'audit',
  'outbound',
  'db',
];
const LEAVES = [
  'context',
  'permission',
  'errors',
  'config',
  'security',
  'calendar',
  'nik',
  'ladder',
  'work',
  'table-export',
  'zip',
  'x509',
  'containers',
];
const EDGES = ['runtime', 'web'];
const NEEDS_OUTBOUND = ['revocation', 'observations', 'notifications', 'jobs'];
const NEITHER_AUTH_NOR_NOTIFICATIONS = ['certificates', 'revocation', 'signatures'];
/** Files that put into the store what Siaga wrote or fetched itself, or what another file looked through. */
const WRITTEN_BY_SIAGA = [
  'src/lib/server/certificates/import-files.ts',
  'src/lib/server/certificates/import-steps.ts',
  'src/lib/server/incidents/letters.ts',
  'src/lib/server/reports/building.ts',
  'src/lib/server/reports/snapshots.ts',
  'src/lib/server/revocation/taking.ts',
];
const SHARED = ['components', 'charts', 'format', 'status-words', 'terms'];

const root = path.resolve(import.meta.dirname, '..');
const server = path.join(root, 'src/lib/server');

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(dir, entry.name);
    return entry.isDirectory() ? filesBelow(full) : /\.(ts|svelte|mjs)$/.test(entry.name) ? [full] : [];
  });
}

type Import = { file: string; target: string; specifier: string };
function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8');
  const found = source.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g);
  return [...found].map(([, specifier]) => ({ file, specifier: specifier!, target: resolve(file, specifier!) }));
}
function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return path.resolve(path.dirname(file), specifier);
  if (specifier.startsWith('#lib/')) return path.join(root, 'src/lib', specifier.slice(5));
  if (specifier.startsWith('#reports/')) return path.join(root, 'reports', specifier.slice(9));
  if (specifier.startsWith('#tests/')) return path.join(root, 'tests', specifier.slice(7));
  return specifier;
}

/** First part below src/lib/server: the room, leaf or edge; null when outside. */
function placeOf(file: string): string | null {
  if (!file.startsWith(server + path.sep)) return null;
  const first = path.relative(server, file).split(path.sep)[0]!;
  return first.replace(/\.ts$/, '');
}
const isTest = (file: string) => file.endsWith('.test.ts');
const relative = (file: string) => path.relative(root, file);

const serverFiles = filesBelow(server).filter((file) => !isTest(file));
const serverImports = serverFiles.flatMap(importsOf);

function violations(imports: Import[], wrong: (i: Import) => string | null): string[] {
  return imports.flatMap((i) => {
    const why = wrong(i);
    return why ? [`${relative(i.file)} imports ${i.specifier}: ${why}`] : [];
  });
}

describe('the map of rooms', () => {
  test('every folder of src/lib/server is a room, a leaf or an edge', () => {
    const known = new Set([...ORDER, ...LEAVES, ...EDGES]);
    const places = new Set(serverFiles.map((file) => placeOf(file)!));
    expect([...places].filter((place) => !known.has(place))).toEqual([]);
  });

  test('a room uses only rooms to its right, and only their door or schema', () => {
    expect(
      violations(serverImports, ({ file, target }) => {
        const from = placeOf(file)!;
        const to = placeOf(target);
        if (!to || from === to || EDGES.includes(from)) return null;
        if (EDGES.includes(to)) return 'an edge';
        if (LEAVES.includes(to)) return null;
        const transactions = from === 'context' && to === 'db';
        if (LEAVES.includes(from)) return transactions ? null : 'a leaf imports no room';
        if (ORDER.indexOf(from) > ORDER.indexOf(to)) return 'a room to its left';
        const name = path.basename(target);
        if (to === 'db') return null;
        if (name === 'index.ts' || /^schema(-[a-z]+)?\.ts$/.test(name)) return null;
        // Pure files (nouns without database) of rooms to the right may be shared by pure files.
        return isPure(target) ? null : 'neither door, schema nor a pure file';
      }),
    ).toEqual([]);
  });

  test('only revocation, observations, notifications (and the jobs that hand it to them) use outbound', () => {
    expect(
      violations(serverImports, ({ file, target }) => {
        const from = placeOf(file)!;
        return placeOf(target) === 'outbound' && from !== 'outbound' && !NEEDS_OUTBOUND.includes(from)
          ? 'a socket'
          : null;
      }),
    ).toEqual([]);
  });

  test('certificates, revocation and signatures know neither accounts nor notifications', () => {
    expect(
      violations(serverImports, ({ file, target }) => {
        const to = placeOf(target);
        return NEITHER_AUTH_NOR_NOTIFICATIONS.includes(placeOf(file)!) && (to === 'auth' || to === 'notifications')
          ? to
          : null;
      }),
    ).toEqual([]);
  });

  test('sockets are opened in outbound only', () => {
    const sockets = /^(node:)?(net|tls|http|https|dgram|http2)$|^nodemailer$/;
    expect(
      violations(serverImports, ({ file, specifier }) =>
        sockets.test(specifier) && placeOf(file) !== 'outbound' ? 'opens sockets' : null,
      ),
    ).toEqual([]);
  });

  test('the framework appears in routes, hooks, runtime and web only', () => {
    const elsewhere = [
      ...serverFiles,
      ...filesBelow(path.join(root, 'reports')),
      ...filesBelow(path.join(root, 'src/bin')),
    ];
    expect(
      violations(elsewhere.flatMap(importsOf), ({ file, specifier }) =>
        /^(\$app|\$env|\$lib|@sveltejs)/.test(specifier) && !EDGES.includes(placeOf(file) ?? '')
          ? 'the framework'
          : null,
      ),
    ).toEqual([]);
  });

  test('routes, hooks and commands use doors, never a store or a schema', () => {
    const outside = [
      ...filesBelow(path.join(root, 'src/routes')),
      ...filesBelow(path.join(root, 'src/bin')),
      path.join(root, 'src/hooks.server.ts'),
    ];
    expect(
      violations(outside.flatMap(importsOf), ({ target }) =>
        placeOf(target) && /^(store|schema)\.ts$/.test(path.basename(target)) ? 'behind the door' : null,
      ),
    ).toEqual([]);
  });

  test('document definitions import their own files, format, terms and charts only', () => {
    expect(
      violations(
        filesBelow(path.join(root, 'reports'))
          .filter((f) => !isTest(f))
          .flatMap(importsOf),
        ({ target, specifier }) => {
          if (target.startsWith(path.join(root, 'reports'))) return null;
          const lib = path.relative(path.join(root, 'src/lib'), target).split(path.sep)[0]!.replace(/\.ts$/, '');
          return ['format', 'terms', 'charts'].includes(lib) || specifier === 'pdfmake/interfaces'
            ? null
            : 'not for documents';
        },
      ),
    ).toEqual([]);
  });

  test('pages import doors only on the server side', () => {
    const pages = filesBelow(path.join(root, 'src/routes')).filter(
      (f) => f.endsWith('.svelte') || /\+(page|layout)\.ts$/.test(f),
    );
    const components = filesBelow(path.join(root, 'src/lib')).filter((f) => !f.startsWith(server));
    expect(
      violations([...pages, ...components].flatMap(importsOf), ({ target, file, specifier }) => {
        const source = readFileSync(file, 'utf8');
        const onlyTypes = !new RegExp(
          `import\\s+(?!type)[^;]*${specifier.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')}`,
        ).test(source);
        return placeOf(target) && !onlyTypes ? 'server code in the browser' : null;
      }),
    ).toEqual([]);
  });

  test('what people bring is looked through for a private key before it is put into the store', () => {
    const putting = [...serverFiles, ...filesBelow(path.join(root, 'src/routes'))].filter((file) => {
      const source = readFileSync(file, 'utf8');
      return /\bfiles\.(put|putStream|keep|keepAll)\(/.test(source) && !/demandNoKey\(|lookedAt\(/.test(source);
    });
    expect(putting.map(relative).sort()).toEqual(WRITTEN_BY_SIAGA);
  });

  test('what lies beside the server is one of the shared parts', () => {
    const parts = readdirSync(path.join(root, 'src/lib')).map((name) => name.replace(/\.ts$/, ''));
    expect(parts.filter((part) => part !== 'server' && !SHARED.includes(part))).toEqual([]);
  });
});

/** A pure file: no database, no clock, no store behind it. */
function isPure(file: string): boolean {
  const source = readFileSync(file, 'utf8');
  return !/from '(drizzle-orm|better-sqlite3)|Date\.now\(|\.\/store\.ts|\.\/index\.ts'/.test(source);
}
