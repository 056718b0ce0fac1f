import type { Random } from "./random.ts";
import type { Talk, Tool, ToolCall, Turn } from "./talk.ts";

const SHOP = `You are the assistant of a bicycle shop. Answer in the customer's language, briefly, with prices in euros. Look parts and
orders up with the tools; never guess stock. Offer a workshop appointment when a repair needs special tools.`;

const TOOLS: Tool[] = [
  {
    name: "find_part",
    description: "Finds parts in stock that fit a bicycle.",
    parameters: { part: "What is looked for, e.g. brake pads", fits: "Model of the bicycle or a standard" },
  },
  { name: "order_status", description: "Where an order is.", parameters: { order: "Order number" } },
  {
    name: "book_workshop",
    description: "Books a place in the workshop.",
    parameters: { day: "Day of the week", work: "What is to be done" },
  },
];

const PARTS = [
  ["brake pads", "Shimano B05S resin pads", 12.9],
  ["a chain", "KMC X11 chain, 118 links", 27.5],
  ["an inner tube", "Schwalbe SV17, 40 mm valve", 7.9],
  ["a cassette", "Shimano CS-HG700, 11–34", 54],
  ["a saddle bag", "0.6 l saddle bag, waterproof", 19.9],
  ["a headlight", "80 lux headlight with daytime light", 64],
] as const;

const BIKES = [
  "a 2021 gravel bike with GRX",
  "my daughter's 24 inch mountain bike",
  "an old steel tourer, 7 speed",
  "a cargo bike with a hub motor",
];

/** A question to the shop without tools. */
export function shopQuestion(random: Random): Talk {
  const [question, answer] = random.pick([
    [
      "How often should I wax my chain if I ride through the winter?",
      "In wet months every 200–250 km, or after each ride in salt. Wipe the chain dry first; wax does not stick to a wet chain.",
    ],
    [
      "Which tyre pressure for 40 mm tyres, 82 kg rider, mostly gravel?",
      "Start with **2.3 bar** in front and **2.5 bar** behind when tubeless, 0.3 bar more with tubes. If the rim touches the ground in corners, add 0.2 bar.",
    ],
    [
      "My disc brake squeals when it is wet. Is it dangerous?",
      "Noise alone is not. Check three things:\n\n1. Pads: at least 1 mm left\n2. Rotor: clean it with isopropyl alcohol\n3. Caliper bolts: 6–8 Nm\n\nIf the lever comes to the bar, do not ride and bring it in.",
    ],
    [
      "Can I put a 34 tooth cassette on a short cage derailleur?",
      "Usually not: most short cages stop at 28 or 30 teeth. A medium cage (GS) takes 34. Tell me the number on the back of the derailleur and I can say for sure.",
    ],
    [
      "Do you take old frames in part payment?",
      "Yes, for frames younger than eight years without cracks. Bring it along; the workshop measures it while you wait.",
    ],
  ] as const);
  return { system: SHOP, turns: [{ from: "user", text: question }], answer, settings: { temperature: 0.3 } };
}

function found(random: Random): { call: ToolCall; fits: string; part: (typeof PARTS)[number]; result: unknown } {
  const part = random.pick(PARTS);
  const fits = random.pick(BIKES);
  const call = {
    id: `call_${random.letters(24)}`,
    name: "find_part",
    input: { part: part[0].replace(/^an? /, ""), fits },
  };
  return {
    call,
    fits,
    part,
    result: [
      { sku: `P-${random.between(1000, 9999)}`, name: part[1], price_eur: part[2], in_stock: random.between(0, 14) },
    ],
  };
}

/** The logs of a tool conversation: one request for each step, each with all previous messages. */
export function shopWithTools(random: Random): Talk[] {
  const { call, fits, part, result } = found(random);
  const order = `${random.between(2024, 2026)}-${random.between(10_000, 99_999)}`;
  const status: ToolCall = { id: `call_${random.letters(24)}`, name: "order_status", input: { order } };
  const book: ToolCall = {
    id: `call_${random.letters(24)}`,
    name: "book_workshop",
    input: { day: "Wednesday", work: `fit ${part[0]}` },
  };
  const base = { system: SHOP, tools: TOOLS };
  const ask: Turn = {
    from: "user",
    text: `I need ${part[0]} for ${fits}. And where is my order ${order}?`,
  };
  const looked: Turn[] = [
    ask,
    { from: "assistant", text: "Let me look both up.", calls: [call, status] },
    { from: "tool", call, result },
    { from: "tool", call: status, result: { order, status: "shipped", carrier: "DHL", expected: "tomorrow" } },
  ];
  const told = `We have the **${part[1]}** for €${part[2].toFixed(2)}. Your order ${order} has been shipped and should arrive tomorrow.`;
  const booked: Turn[] = [
    ...looked,
    { from: "assistant", text: told },
    { from: "user", text: "Could you fit it for me?" },
  ];
  return [
    { ...base, turns: [ask], answer: "Let me look both up.", calls: [call, status] },
    { ...base, turns: looked, answer: told },
    { ...base, turns: booked, answer: "", calls: [book] },
    {
      ...base,
      turns: [
        ...booked,
        { from: "assistant", calls: [book] },
        { from: "tool", call: book, result: { ok: true, at: "10:30" } },
      ],
      answer: "Done: Wednesday at 10:30. It takes about half an hour, you can wait here.",
    },
  ];
}

/** A code review with reasoning. */
export function codeReview(random: Random): Talk {
  const [diff, reasoning, answer] = random.pick([
    [
      "-  for (const order of orders) total += order.price;\n+  orders.forEach(async (order) => { total += await priceOf(order); });\n   return total;",
      "forEach does not wait for the promises, so total is returned before anything has been added. They need a for…of with await, or Promise.all and a reduce. Promise.all would also run the lookups in parallel; is that wanted? priceOf hits the database, so mention a limit.",
      "`forEach` does not wait for async callbacks: **`total` is returned as 0**.\n\n```ts\nconst prices = await Promise.all(orders.map(priceOf));\nreturn prices.reduce((sum, price) => sum + price, 0);\n```\n\nIf `orders` can be long, limit how many `priceOf` run at once.",
    ],
    [
      "+  const rows = await db.query(`SELECT * FROM parts WHERE name LIKE '%${search}%'`);\n+  return rows.slice(0, 20);",
      "String interpolation into SQL: injection. Also it fetches all the rows and slices in memory, so LIMIT belongs in the query. Percent signs in the search need escaping.",
      "Two problems:\n\n1. **SQL injection**: `search` goes into the statement as it is. Bind it.\n2. All rows are read to keep 20.\n\n```ts\nawait db.query(\"SELECT * FROM parts WHERE name LIKE ? ESCAPE '!' LIMIT 20\", [`%${escapeLike(search)}%`]);\n```",
    ],
    [
      "-    if (stock === 0) return 'sold out';\n+    if (!stock) return 'sold out';",
      "stock may be undefined when the warehouse has not answered. Before: undefined === 0 is false → falls on. Now: undefined counts as sold out. Is that the intent? null too.",
      "This changes more than style: an `undefined` stock (the warehouse did not answer) now says *sold out*. If that is intended, say so in a test; else keep `stock === 0` and handle `undefined` on its own.",
    ],
  ] as const);
  return {
    system: "You review pull requests. Name bugs first, style last, and show the corrected code.",
    turns: [
      {
        from: "user",
        text: `Review this change in \`src/checkout/${random.pick(["total", "search", "stock"])}.ts\`:\n\n\`\`\`diff\n${diff}\n\`\`\``,
      },
    ],
    reasoning,
    answer,
  };
}

/** A query for a question. */
export function sql(random: Random): Talk {
  const [question, query] = random.pick([
    [
      "Revenue per month and category this year",
      "SELECT date_trunc('month', o.created_at) AS month, p.category, sum(i.quantity * i.price) AS revenue\nFROM orders o\nJOIN order_items i ON i.order_id = o.id\nJOIN parts p ON p.id = i.part_id\nWHERE o.created_at >= date_trunc('year', now())\nGROUP BY 1, 2\nORDER BY 1, 3 DESC;",
    ],
    [
      "Customers with more than two workshop visits but no purchase in 90 days",
      "SELECT c.id, count(w.id) AS visits\nFROM customers c\nJOIN workshop_visits w ON w.customer_id = c.id\nWHERE NOT EXISTS (\n  SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.created_at > now() - interval '90 days'\n)\nGROUP BY c.id\nHAVING count(w.id) > 2;",
    ],
    [
      "The ten parts that run out first at the rate of the last four weeks",
      "SELECT p.id, p.name, p.stock / nullif(sum(i.quantity) / 28.0, 0) AS days_left\nFROM parts p\nJOIN order_items i ON i.part_id = p.id\nJOIN orders o ON o.id = i.order_id AND o.created_at > now() - interval '28 days'\nGROUP BY p.id\nORDER BY days_left\nLIMIT 10;",
    ],
  ] as const);
  return {
    system:
      "Write one PostgreSQL query. Tables: customers, orders, order_items, parts, workshop_visits. Answer with SQL only.",
    turns: [{ from: "user", text: question }],
    answer: `\`\`\`sql\n${query}\n\`\`\``,
    settings: { temperature: 0 },
  };
}

/** A message classified as JSON. */
export function classify(random: Random): Talk {
  const [text, label, urgency] = random.pick([
    ["the wheel you built came loose on my first ride!!", "complaint", "high"],
    ["do you have gift cards", "sales", "low"],
    ["invoice 20831 shows the wrong VAT number", "billing", "medium"],
    ["Thanks, the bike rides like new :)", "praise", "none"],
    ["Battery of the cargo bike gets hot while charging", "safety", "critical"],
  ] as const);
  return {
    system: "Classify the message. Answer with JSON: label, urgency, confidence.",
    turns: [{ from: "user", text }],
    answer: JSON.stringify({ label, urgency, confidence: random.between(71, 99) / 100 }),
    settings: { temperature: 0, response_format: { type: "json_object" } },
  };
}

const LANGUAGES = [
  [
    "Japanese",
    "ご注文の品は明日届きます。ブレーキパッドの交換は約三十分で終わります。ご不明な点がございましたら、お気軽にお問い合わせください。🚲",
  ],
  [
    "Arabic",
    "ستصل طلبيتك غدًا. يستغرق تبديل وسادات الفرامل نحو ثلاثين دقيقة، ويمكنك الانتظار في المتجر (رقم الطلب 48213).",
  ],
  ["Hindi", "आपका ऑर्डर कल पहुँच जाएगा। ब्रेक पैड बदलने में लगभग तीस मिनट लगते हैं, आप दुकान में प्रतीक्षा कर सकते हैं।"],
  [
    "Ukrainian",
    "Ваше замовлення прибуде завтра. Заміна гальмівних колодок триває близько тридцяти хвилин, можете зачекати в крамниці.",
  ],
  [
    "Russian",
    "Ваш заказ прибудет завтра. Замена тормозных колодок занимает около тридцати минут, можно подождать в магазине.",
  ],
  ["Simplified Chinese", "您的订单明天送达。更换刹车片大约需要三十分钟，您可以在店里等候。"],
  ["Thai", "คำสั่งซื้อของคุณจะมาถึงพรุ่งนี้ การเปลี่ยนผ้าเบรกใช้เวลาประมาณสามสิบนาที"],
  ["emoji only", "📦➡️🏠 🗓️1️⃣ · 🛑🔧⏱️3️⃣0️⃣ · 👩‍🔧🙂👍🏽"],
] as const;

/** A translated message; `which` selects the language. */
export function translation(which: number): Talk {
  const [language, text] = LANGUAGES[which % LANGUAGES.length] ?? LANGUAGES[0];
  return {
    system: `Translate into ${language}. Keep numbers and names.`,
    turns: [
      {
        from: "user",
        text: "Your order arrives tomorrow. Changing the brake pads takes about thirty minutes, you can wait in the shop.",
      },
    ],
    answer: text,
  };
}

/** A summary of reviews. */
export function summary(random: Random): Talk {
  const item = random.pick(["the city bike", "the child seat", "the folding lock", "the rain jacket"]);
  const reviews = [
    "Light and quiet, but the manual is only online.",
    "Arrived with a scratch, replaced within a week.",
    "Exactly as described.",
    "Too heavy for the stairs.",
    "Would buy again.",
  ];
  return {
    turns: [
      {
        from: "user",
        text: `Sum up these reviews of ${item} in two sentences:\n\n${reviews
          .filter(() => random.chance(0.8))
          .map((one) => `- ${one}`)
          .join("\n")}`,
      },
    ],
    answer: `Buyers find ${item} well made and as described, and would mostly buy it again. Weight, a missing printed manual and one damaged delivery are what they mind.`,
  };
}

/** A calculation with its reasoning. */
export function reasoned(random: Random): Talk {
  const teeth = random.pick([46, 48, 50]);
  const rear = random.pick([11, 13, 15]);
  const cadence = random.pick([80, 90, 100]);
  const speed = ((teeth / rear) * 2.1 * cadence * 60) / 1000;
  return {
    turns: [{ from: "user", text: `How fast is ${teeth}/${rear} at ${cadence} rpm with a wheel of 2.10 m?` }],
    reasoning: `Ratio ${teeth}/${rear} = ${(teeth / rear).toFixed(3)}. Metres a turn: ratio × 2.10 = ${((teeth / rear) * 2.1).toFixed(2)} m. Times ${cadence} a minute, times 60, over 1000 gives km/h.`,
    answer: `About **${speed.toFixed(1)} km/h**: ${teeth} ÷ ${rear} × 2.10 m × ${cadence} × 60 ÷ 1000.`,
  };
}

/** A description of a picture. */
export function pictured(picture: string): Talk {
  return {
    turns: [{ from: "user", text: "What is in this picture, and would you ride it?", picture }],
    answer:
      "A spoked wheel seen from the side: dark tyre, grey spokes, a red hub. It looks true and evenly laced; I would ride it, after checking the spoke tension by hand.",
  };
}

/** A conversation of `messages` messages. */
export function longConversation(messages: number, random: Random): Talk {
  const turns: Talk["turns"] = [];
  for (let index = 0; turns.length < messages - 1; index++) {
    const { turns: asked, answer } = shopQuestion(random);
    const first = asked[0];
    const text = first?.from === "user" ? first.text : "";
    turns.push(
      { from: "user", text: index === 0 ? text : `(${index + 1}) ${text}` },
      { from: "assistant", text: answer },
    );
  }
  turns.push({ from: "user", text: "Thank you. Please list everything you told me as a checklist." });
  return {
    system: SHOP,
    turns,
    answer:
      "- [ ] Wax the chain every 200–250 km\n- [ ] Check tyre pressure before each ride\n- [ ] Clean rotors with isopropyl alcohol\n- [ ] Measure the pads: 1 mm at least\n- [ ] Ask the workshop about the derailleur cage",
  };
}

/** A request with a text of about `characters` characters. */
export function longText(characters: number, random: Random): Talk {
  const sentences = [
    "Loosen the bolt by a quarter turn and check that the cable moves freely.",
    "Tighten to the torque printed beside the bolt; never more.",
    "Replace the part when the wear line can no longer be felt.",
    "Grease the thread, but keep grease off the braking surface.",
    "Turn the crank backwards three times and listen for a click.",
  ];
  const chapters: string[] = [];
  for (let length = 0, chapter = 1; length < characters; chapter++) {
    const text = `## ${chapter}. ${random.pick(["Brakes", "Drivetrain", "Wheels", "Steering", "Electrics"])}\n\n${Array.from({ length: 24 }, () => random.pick(sentences)).join(" ")}`;
    chapters.push(text);
    length += text.length + 2;
  }
  return {
    turns: [
      { from: "user", text: `Which steps of this service manual need a torque wrench?\n\n${chapters.join("\n\n")}` },
    ],
    answer: `All that say “tighten to the torque printed beside the bolt”: they occur in each of the ${chapters.length} chapters, most often in Brakes and Steering.`,
  };
}
