// timers/promises: esperas con promesa.
module.exports = { setTimeout: (delay, value) => new Promise((resolve) => setTimeout(() => resolve(value), delay)) };
