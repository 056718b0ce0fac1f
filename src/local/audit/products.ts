type Category = { value: string; label: string; products: { value: string; label: string }[] };

/**
 * Product categories of the local gateway. The live API's name for AI Gateway is unknown (API notes: Audit log): ours
 * follows the resource type `ai_gateway.gateway` of the older audit log.
 */
export const PRODUCT_CATEGORIES: readonly Category[] = [
  {
    value: "ai",
    label: "AI",
    products: [
      { value: "ai_gateway", label: "AI Gateway" },
      { value: "workers_ai", label: "Workers AI" },
      { value: "vectorize", label: "Vectorize" },
    ],
  },
  {
    value: "account_management",
    label: "Account Management",
    products: [
      { value: "accounts", label: "Accounts" },
      { value: "api_tokens", label: "API Tokens" },
      { value: "members", label: "Members" },
    ],
  },
];

/** Returns a category's products, ignoring case; undefined for an unknown category. */
export function productsOf(category: string): string[] | undefined {
  return PRODUCT_CATEGORIES.find(({ value }) => value === category.toLowerCase())?.products.map(({ value }) => value);
}
