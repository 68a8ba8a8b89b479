// Pieces of SQL that several lists of this room share, so that a person reads the same everywhere.

/** The holder's (`h`) name with titles, or the certificate's (`c`) own CN. */
export const SHOWN_NAME = `coalesce(nullif(trim(h.title_before || ' ' || h.name || case when h.title_after <> '' then ', ' || h.title_after else '' end), ''), c.common_name)`;

/** A position that a voided import brought is withdrawn: it stands in the ledger of that import alone. */
export const STANDS = `not exists (select 1 from import_run r where r.id = position.import_id and r.state = 'voided')`;

/** The present position (`p`) of a holder (`h`), else the last one held: a leaver stands under the last agency served. */
export const LAST_POSITION = `left join position p on p.id = (select x.id from position x where x.holder_id = h.id order by x."to" is not null, x."from" desc limit 1)`;
