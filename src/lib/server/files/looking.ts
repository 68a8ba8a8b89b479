// What people bring is looked through before anything of it is kept: a private key anywhere in it, in an archive or a
// workbook too, refuses it whole. What Siaga wrote itself is not.
import { cleanName, scanFile, type InputFile } from '../containers/index.ts';
import { invalid, keySent } from '../errors.ts';

/**
 * Comes before `put` for every file of a form.
 * @param field of the form, where the message stands
 * @throws AppError when a private key lies in it, or it is made so that nobody can tell
 */
export async function demandNoKey(file: InputFile, field: string): Promise<void> {
  const name = cleanName(file.name);
  const found = await scanFile({ ...file, name });
  if (found.verdict === 'clean' && found.unseen === undefined) return;
  if (found.verdict === 'clean' || found.verdict === 'closed') {
    const why = found.verdict === 'clean' ? found.unseen : found.reason;
    throw invalid(
      `${name} tidak dapat diperiksa. ${why} Kunci privat dapat tersembunyi di dalamnya, jadi tidak ada yang disimpan.`,
      { [field]: 'Buka dulu arsip atau kuncinya, lalu kirim isinya tanpa kata sandi, satu per satu.' },
    );
  }
  const again = `Kirim ulang tanpa ${name}.`;
  throw found.verdict === 'private_key'
    ? keySent('file', { [field]: again })
    : invalid(`${found.reason} Tidak ada yang disimpan.`, { [field]: again });
}
