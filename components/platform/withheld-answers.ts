import * as pulumi from "@pulumi/pulumi";

/**
 * With `--debug` the SDK prints the engine's whole answer for every resource it has registered, secrets in clear. What
 * it prints of them ends here with the error, wherever this library is imported.
 */
const ANSWER = /, resp: [^]*$/;

const { debug } = pulumi.log;

Object.assign(pulumi.log, {
  debug: (message: string, ...others: [pulumi.Resource?, number?, boolean?]) =>
    debug(message.replace(ANSWER, ", resp: withheld, it may hold secrets"), ...others),
});
