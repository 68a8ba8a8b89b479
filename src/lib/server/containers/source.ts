// Where the bytes of a file come from: memory, or a file on disk of which only a window is held. Workers only: reads block.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export type Source = {
  size: number;
  /** Bytes `at`…`at + length`, fewer at the end. They stay valid; they may be a view. */
  read: (at: number, length: number) => Buffer;
  close: () => void;
};

export const memorySource = (bytes: Buffer): Source => ({
  size: bytes.length,
  read: (at, length) => bytes.subarray(at, at + length),
  close: () => {},
});

const WINDOW = 1 << 20;

/** Archives are mostly read forwards, a kilobyte at a time; one system call serves a thousand of them. */
export function fileSource(path: string): Source {
  const handle = openSync(path, 'r');
  const { size } = fstatSync(handle);
  // An archive's directory and its members lie far apart and are read in turn: a window for each.
  const windows = [emptyWindow(), emptyWindow()];
  return {
    size,
    read: (at, length) => {
      const until = Math.min(at + length, size);
      if (length > WINDOW) return readAt(handle, at, until - at);
      const known = windows.find((one) => at >= one.from && until <= one.from + one.bytes.length);
      if (known) return known.bytes.subarray(at - known.from, until - known.from);
      const window = { from: at, bytes: readAt(handle, at, Math.min(WINDOW, size - at)) };
      // The window that lies nearer to this place has been left behind.
      const [first, second] = windows as [Window, Window];
      windows[Math.abs(first.from - at) <= Math.abs(second.from - at) ? 0 : 1] = window;
      return window.bytes.subarray(0, until - at);
    },
    close: () => closeSync(handle),
  };
}

type Window = { from: number; bytes: Buffer };
const emptyWindow = (): Window => ({ from: 0, bytes: Buffer.alloc(0) });

function readAt(handle: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, length));
  let filled = 0;
  while (filled < bytes.length) {
    const read = readSync(handle, bytes, filled, bytes.length - filled, at + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
