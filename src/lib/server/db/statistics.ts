// Written by src/bin/bench/statistics.ts: for each index its rows, then how many share its first column, its first two, …
// (sqlite_stat1), in a city with 60.000 people and 100.000 certificates. A table that is not here counts as large.
export const STATISTICS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  agency: {
    agency_by_code: '120 1',
    agency_by_parent: '120 9',
    sqlite_autoindex_agency_1: '120 1',
  },
  agency_name: {
    agency_name_by_agency: '120 1 1',
    sqlite_autoindex_agency_name_1: '120 1',
  },
  authority: {
    authority_by_fingerprint: '3 1',
    authority_by_key: '3 1',
    authority_by_trust: '3 3',
    sqlite_autoindex_authority_1: '3 1',
  },
  certificate: {
    certificate_by_addition: '100000 1 1',
    certificate_by_agency: '100000 827 2',
    certificate_by_authority: '100000 25000',
    certificate_by_chain: '100000 14286',
    certificate_by_confirmation: '91325 1 1 1',
    certificate_by_eku: '100000 33334',
    certificate_by_end: '100000 64',
    certificate_by_evidence: '91325 4567 1 1',
    certificate_by_fingerprint: '94996 1',
    certificate_by_freshness: '100000 8675 2',
    certificate_by_holder: '100000 2',
    certificate_by_import: '100000 4000',
    certificate_by_key: '100000 1',
    certificate_by_key_kind: '100000 50000 25000',
    certificate_by_lint: '94996 94996',
    certificate_by_name: '100000 7 1',
    certificate_by_revocation: '100000 14286',
    certificate_by_serial: '100000 1',
    certificate_by_start: '100000 64',
    certificate_by_subject: '100000 1 1',
    certificate_by_successor: '23502 3',
    certificate_by_use: '100000 20000',
    certificate_data_only: '5004 1',
    certificate_incomplete: '2038 2038 2038',
    sqlite_autoindex_certificate_1: '100000 1',
  },
  certificate_der: {
    sqlite_autoindex_certificate_der_1: '94999 1',
  },
  certificate_mark: {
    certificate_mark_by_certificate: '1043 1 1',
    sqlite_autoindex_certificate_mark_1: '1043 1',
  },
  certificate_search: {
    certificate_search_by_certificate: '100000 1',
  },
  holder: {
    holder_by_import: '60000 60000',
    holder_by_leaving: '2450 2450',
    holder_by_name: '60000 4',
    holder_by_nip: '60000 1',
    sqlite_autoindex_holder_1: '60000 1',
  },
  holder_search: {
    holder_search_by_holder: '60000 1',
  },
  position: {
    position_by_agency: '60000 500 500',
    position_by_holder: '60000 1 1',
    sqlite_autoindex_position_1: '60000 1',
  },
  problem: {
    problem_by_certificate: '11962 1 1',
    problem_by_rule: '11962 1994 1994',
    sqlite_autoindex_problem_1: '11962 1',
  },
};
