type Category = { value: string; label: string; products: { value: string; label: string }[] };

/**
 * The product categories of the local gateway. What the live API calls AI Gateway here is unknown (API notes: Audit log): the product of its
 * entries is ours, after the resource type `ai_gateway.gateway` of the older audit log.
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

/** The products of a category, whatever the case of its name; undefined for one that there is not. */
export function productsOf(category: string): string[] | undefined {
  return PRODUCT_CATEGORIES.find(({ value }) => value === category.toLowerCase())?.products.map(({ value }) => value);
}
