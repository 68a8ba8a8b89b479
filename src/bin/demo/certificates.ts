// Turns the plan of the estate into signed certificates of the local CA. Holders' keys are random moduli nobody can
// use; only the CA has real keys.
import * as ca from './ca.ts';
import type { LocalCa } from './ca-server.ts';
import type { Plan } from './estate.ts';

export type Issued = Plan & { serial: string; der: Buffer; name: string };

const CITY = 'Pemerintah Kota Batam (UJI)';

/** Issues every planned certificate. Repeatable for one seed. @returns in the order of the plan */
export function issueAll(local: LocalCa, plans: readonly Plan[], seed: string): Issued[] {
  const random = ca.randomFrom(seed);
  const shared = ca.unusableSpki(random);
  return plans.map((plan, i) => {
    const serial = ca.randomSerial(random);
    const spki = plan.odd === 'shared_key' ? shared : ca.unusableSpki(random, plan.odd === 'rsa1024' ? 1024 : 2048);
    const der = ca.issue(local.ca, {
      subject: subjectOf(plan, i),
      spki,
      serial,
      notBefore: plan.notBefore,
      notAfter: plan.notBefore + (plan.odd === 'long' ? plan.lifetime * 2.5 : plan.lifetime),
      ...(plan.odd === 'sha1' ? { signature: 'sha1RSA' as const } : {}),
      extensions: extensionsOf(plan, local),
    });
    const label = plan.commonName.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
    return { ...plan, serial, der, name: `${plan.agencyCode}/${label}-${serial.slice(0, 8)}.cer` };
  });
}

function subjectOf(plan: Plan, i: number): ca.Dn {
  if (plan.use === 'tls_server')
    return [
      [ca.OID.C, 'ID'],
      [ca.OID.O, CITY],
      [ca.OID.CN, plan.commonName],
    ];
  const purpose = plan.use === 'email' ? 'Perlindungan Surel' : 'Tanda Tangan Elektronik';
  const subject: ca.Dn = [
    [ca.OID.description, `${((i * 2654435761) % 2 ** 40).toString(36).toUpperCase().padStart(12, '0')}_${purpose}`],
    [ca.OID.CN, plan.commonName],
    [ca.OID.O, CITY],
    [ca.OID.C, 'ID'],
  ];
  // A national identity number where everyone can read it: 16 digits of no region.
  if (plan.odd === 'nik') subject.unshift([ca.OID.serialNumber, '0000000000000017']);
  return subject;
}

function extensionsOf(plan: Plan, { urls }: LocalCa): ca.Extensions {
  if (plan.use === 'tls_server') return ca.profiles.server([plan.host!], urls);
  if (plan.use === 'email') return ca.profiles.email([plan.person!.email], urls);
  const signer = ca.profiles.signer(urls);
  switch (plan.odd) {
    case 'no_key_usage':
      return { ...signer, keyUsage: null };
    case 'server_auth':
      return { ...signer, eku: [ca.OID.adobeSigning, ca.OID.serverAuth] };
    case 'no_pointer':
      return { ...signer, crlUrls: null, ocspUrls: null };
    default:
      return signer;
  }
}
