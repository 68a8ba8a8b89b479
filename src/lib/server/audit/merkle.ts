// The Merkle tree of RFC 6962 §2.1, grown one leaf at a time. Only the roots of the complete subtrees at the right
// edge are kept (one for each set bit of the size, largest first): appending costs O(log n), never a rebuild.
import { createHash } from 'node:crypto';

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/** SHA-256(0x00 ‖ bytes). */
export const leafHash = (bytes: Uint8Array): Buffer => sha256(LEAF, bytes);
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/** SHA-256 of nothing: the root of the empty tree. */
const EMPTY_ROOT = sha256();

export type Tree = { size: number; frontier: Buffer[] };
export const emptyTree = (): Tree => ({ size: 0, frontier: [] });

/** The tree with one more leaf. Each trailing 1 bit of the old size merges two equal subtrees. */
export function append(tree: Tree, leaf: Buffer): Tree {
  const frontier = [...tree.frontier];
  let node = leaf;
  for (let bits = tree.size; bits % 2 === 1; bits = Math.floor(bits / 2)) node = nodeHash(frontier.pop()!, node);
  frontier.push(node);
  return { size: tree.size + 1, frontier };
}

/** MTH(D[n]) of RFC 6962: the right-edge subtrees folded from the right. */
export function root(tree: Tree): Buffer {
  if (tree.size === 0) return EMPTY_ROOT;
  return tree.frontier.reduceRight((right, left) => nodeHash(left, right));
}
