/** Characters of a query line at most, of logs and of the audit log. A longer one is a problem and never read in part: deletes go by it. */
export const LONGEST_LINE = 2000;
