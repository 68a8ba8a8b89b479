// A certificate authority that no one here wrote: `openssl ca` with its index, and its `openssl ocsp` responder on a
// loopback port. Root, issuing CA, a second CA below the same root, holders, delegates; all with the real clock.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Issued = { name: string; serial: string; certificate: Buffer; certificatePath: string; keyPath: string };
type Validity = { startsInDays?: number; endsInDays?: number };
type IssueRequest = Validity & { serial: string; extensions: string; by?: string };

const CA_EXTENSIONS = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature';
export const DELEGATE = 'keyUsage=digitalSignature\nextendedKeyUsage=OCSPSigning\nnoCheck=ignored';

export class OpensslCa {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'siaga-openssl-'));
  readonly root: Issued;
  readonly issuing: Issued;

  constructor() {
    this.root = this.selfSigned('root', 'AKAR OPENSSL UJI');
    this.issuing = this.issue('issuing', { serial: '1001', extensions: CA_EXTENSIONS, by: 'root', endsInDays: 900 });
  }

  at = (name: string): string => path.join(this.folder, name);
  run = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });

  /** A key and a certificate that signs itself. */
  selfSigned(name: string, commonName: string): Issued {
    this.key(name);
    const subject = `/C=ID/O=UJI - TIDAK UNTUK PRODUKSI/CN=${commonName}`;
    writeFileSync(
      this.at('self.cnf'),
      `[req]\ndistinguished_name=dn\nx509_extensions=x\n[dn]\n[x]\n${CA_EXTENSIONS}\n`,
    );
    const made = ['req', '-x509', '-new', '-key', `${name}.key`, '-days', '1000', '-subj', subject];
    this.run(...made, '-config', 'self.cnf', '-out', `${name}.pem`);
    this.database(name);
    return this.issued(name);
  }

  /** Another CA below the root. */
  authority(name: string, serial: string): Issued {
    return this.issue(name, { serial, extensions: CA_EXTENSIONS, by: 'root', endsInDays: 900 });
  }

  /** A certificate by `openssl ca`: it stands in the issuer's index. `name` is also its common name. */
  issue(
    name: string,
    { serial, extensions, by = 'issuing', startsInDays = -30, endsInDays = 300 }: IssueRequest,
  ): Issued {
    this.key(name);
    this.run('req', '-new', '-key', `${name}.key`, '-subj', `/C=ID/O=Kota Uji/CN=${name}`, '-out', `${name}.csr`);
    writeFileSync(this.at(`${by}.serial`), `${serial}\n`);
    writeFileSync(this.at('x.cnf'), `[x]\n${extensions}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n`);
    const dates = ['-startdate', stamp(startsInDays), '-enddate', stamp(endsInDays)];
    const wanted = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-extfile', 'x.cnf', '-extensions', 'x'];
    this.run('ca', ...this.as(by), '-batch', '-notext', ...dates, ...wanted);
    if (extensions.includes('CA:TRUE')) this.database(name);
    return this.issued(name);
  }

  revoke = (who: Issued, reason: string): void =>
    void this.run('ca', ...this.as('issuing'), '-revoke', who.certificatePath, '-crl_reason', reason);

  /** Changes rows of the issuing CA's index by hand: what `openssl ca` has no command for. */
  edit(change: (rows: string[]) => string[]): void {
    const file = this.at('issuing.index');
    writeFileSync(file, `${change(readFileSync(file, 'utf8').trimEnd().split('\n')).join('\n')}\n`);
  }
  /** The row is valid again, as after a hold was lifted, or after somebody took a revocation back. */
  reinstate = ({ serial }: Issued): void =>
    this.edit((rows) =>
      rows.map((row) => {
        const [, ends, , number, ...rest] = row.split('\t');
        return number === serial ? ['V', ends, '', number, ...rest].join('\t') : row;
      }),
    );

  /** An answer without a network: `openssl ocsp` reads our request and the index. */
  answer(request: Buffer, by: Issued, extra: string[] = []): Buffer {
    writeFileSync(this.at('request.der'), request);
    const files = ['-reqin', 'request.der', '-respout', 'response.der'];
    this.run('ocsp', ...this.responder(by), '-noverify', ...extra, ...files);
    return readFileSync(this.at('response.der'));
  }

  /** Serves the index on a loopback port until stopped. */
  async serve(by: Issued, port: number): Promise<() => Promise<void>> {
    const args = ['ocsp', ...this.responder(by), '-port', String(port), '-ignore_err'];
    const child = spawn('openssl', args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    await spoken(child, 'waiting for OCSP client connections');
    return () =>
      new Promise((stopped) => {
        child.once('exit', () => stopped());
        child.kill();
      });
  }

  /** The responder looks whether its index changed after each request: one that it cannot read makes it look. */
  wake = async (port: number): Promise<void> => void (await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer());

  close = (): void => rmSync(this.folder, { recursive: true, force: true });

  private responder = (by: Issued): string[] => {
    const index = ['-index', 'issuing.index', '-CA', 'issuing.pem'];
    return [...index, '-rsigner', by.certificatePath, '-rkey', by.keyPath];
  };
  private as(name: string): string[] {
    writeFileSync(this.at(`${name}.cnf`), POLICY.replaceAll('NAME', name));
    return ['-config', `${name}.cnf`, '-cert', `${name}.pem`, '-keyfile', `${name}.key`];
  }
  private key = (name: string): void => {
    if (!existsSync(this.at(`${name}.key`)))
      this.run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`);
  };
  private database = (name: string): void => {
    writeFileSync(this.at(`${name}.index`), '');
    writeFileSync(this.at(`${name}.serial`), '01\n');
    writeFileSync(this.at(`${name}.index.attr`), 'unique_subject = no\n');
  };
  private issued(name: string): Issued {
    const [certificatePath, keyPath] = [this.at(`${name}.pem`), this.at(`${name}.key`)];
    const serial = this.run('x509', '-in', certificatePath, '-noout', '-serial')
      .toString()
      .trim()
      .slice('serial='.length);
    const certificate = this.run('x509', '-in', certificatePath, '-outform', 'DER');
    return { name, serial, certificate, certificatePath, keyPath };
  }
}

const POLICY = `[ca]
default_ca=d
[d]
database=NAME.index
serial=NAME.serial
new_certs_dir=.
default_md=sha256
policy=p
unique_subject=no
copy_extensions=none
[p]
countryName=optional
organizationName=optional
commonName=supplied
`;

const stamp = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');

function spoken(child: ChildProcess, words: string): Promise<void> {
  return new Promise((ready, failed) => {
    let heard = '';
    const listen = (chunk: Buffer) => {
      heard += chunk.toString();
      if (heard.includes(words)) ready();
    };
    child.stdout!.on('data', listen);
    child.stderr!.on('data', listen);
    child.once('exit', () => failed(new Error(`openssl ocsp ended: ${heard}`)));
  });
}

/** A loopback port that nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}
