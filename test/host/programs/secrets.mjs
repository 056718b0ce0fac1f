// Prints what looks like ids: a key and a password by their names, one word without a name, and what NAMED says.
console.log(`TOGETHER_API_KEY=${process.env.KEY_LIKE}`);
console.log({ password: process.env.PASSWORD_LIKE });
console.log("done:", process.env.BARE);
console.log(process.env.NAMED);
