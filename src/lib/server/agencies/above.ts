/** SQL: the Perangkat Daerah itself, or of a unit the one it lies below. `alias` names a row of `agency`. */
export const agencyAbove = (alias: string): string =>
  `case ${alias}.level when 'unit' then ${alias}.parent_id else ${alias}.id end`;
