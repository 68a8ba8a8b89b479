import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { definitions } from '#lib/server/settings/definitions.ts';
import { forms, readForm, shownValue, typedValue } from './fields.ts';

describe('forms of settings', () => {
  test('every setting has a form here, except outgoing mail, which has its own page', () => {
    expect(forms.map((form) => form.key).sort()).toEqual(
      Object.keys(definitions)
        .filter((key) => key !== 'mail')
        .sort(),
    );
  });

  test.each(forms)('$key: what is shown in the fields reads back as the same valid value', (form) => {
    const value = definitions[form.key].fallback as never;
    const typed = Object.fromEntries(form.fields.map((field) => [field.name, typedValue(field, value)]));
    const read = readForm(form, (name) =>
      typed[name] === true ? '1' : typed[name] === false ? '' : String(typed[name]),
    );
    expect(v.parse(definitions[form.key].schema as v.GenericSchema, read)).toEqual(value);
  });

  test.each(forms)('$key: every field of the setting is asked for', (form) => {
    const value = definitions[form.key].fallback;
    if (Array.isArray(value)) return expect(form.fields).toHaveLength(1);
    expect(form.fields.map((field) => field.name).sort()).toEqual(Object.keys(value).sort());
  });

  test('an empty or wrong number is refused in words, never read as zero', () => {
    const clocks = forms.find((form) => form.key === 'incidentClocks')!;
    const read = readForm(clocks, () => '');
    const result = v.safeParse(definitions.incidentClocks.schema, read);
    expect(result.success).toBe(false);
    expect(result.issues?.[0]?.message).toBe('Isi lama waktunya, mis. 4 jam, 1 hari 12 jam, atau 30 menit.');
  });

  test('thousands written with a point are understood', () => {
    const clocks = forms.find((form) => form.key === 'incidentClocks')!;
    expect(readForm(clocks, () => '1.440')).toMatchObject({ earlyNotice: 1440 });
  });

  test('clocks are written and read in words', () => {
    const clocks = forms.find((form) => form.key === 'incidentClocks')!;
    const read = (words: string) => (readForm(clocks, () => words) as Record<string, number>).earlyNotice;
    expect(read('1 hari')).toBe(1440);
    expect(read('1 hari 12 jam')).toBe(2160);
    expect(read(' 1 Jam, 30 menit ')).toBe(90);
    expect(read('30menit')).toBe(30);
    for (const wrong of ['besok', '4 minggu', '-1 jam', '1,5 jam', 'jam 4', '']) expect(read(wrong)).toBeNaN();
    const field = clocks.fields.find(({ name }) => name === 'finalReport')!;
    expect(shownValue(field, { finalReport: 20_160 })).toBe('14 hari');
    expect(shownValue(field, { finalReport: 1535 })).toBe('1 hari 1 jam 35 menit');
  });

  test('inner hosts are one per line', () => {
    const hosts = forms.find((form) => form.key === 'outboundAllow')!;
    const rows = [{ host: 'ocsp.uji.batam.go.id', port: 8080, why: 'server uji', until: '' }];
    const typed = String(typedValue(hosts.fields[0]!, rows));
    expect(readForm(hosts, () => typed)).toEqual(rows);
    expect(shownValue(hosts.fields[0]!, [])).toBe('—');
  });
});

test('a responder is named by two fingerprints, however they were copied, and by a reason', () => {
  const form = forms.find(({ key }) => key === 'ocspResponders')!;
  const [a, b] = ['ab'.repeat(32), 'CD:'.repeat(32).slice(0, -1)];
  const given = (line: string) =>
    v.safeParse(
      definitions.ocspResponders.schema,
      readForm(form, () => line),
    );
  expect(given(`${a}; ${b}; surat CA 12/2026; 2027-03-31`)).toMatchObject({
    output: [{ issuer: a, responder: 'cd'.repeat(32), why: 'surat CA 12/2026', until: '2027-03-31' }],
  });
  expect(given(`${a}; ${b}`).issues?.[0]?.message).toContain('alasannya');
  expect(given(`${a}; zz; surat CA`).issues?.[0]?.message).toBe(
    'Isi SHA-256 sertifikat responder: 64 angka heksadesimal.',
  );
  expect(given(`${a}; ${b}; surat CA; besok`).issues?.[0]?.message).toContain('2027-03-31');
});
