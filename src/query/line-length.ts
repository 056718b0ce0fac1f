/**
 * Limit on a query line's characters, for logs and the audit log. A longer line is a problem and never parsed in part,
 * because deletions depend on it.
 */
export const LONGEST_LINE = 2000;
