/** Account of the sample gateways. */
export const SAMPLE_ACCOUNT_ID = "5a3b1c7e9d204f6884c0ffee12ab34cd";
