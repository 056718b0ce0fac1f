// Prints texts that look like IDs: a named key and a named password, one word without a name, and the value of NAMED.
console.log(`TOGETHER_API_KEY=${process.env.KEY_LIKE}`);
console.log({ password: process.env.PASSWORD_LIKE });
console.log("done:", process.env.BARE);
console.log(process.env.NAMED);
