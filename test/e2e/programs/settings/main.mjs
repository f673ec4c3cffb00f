import process from "node:process";

import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

export const names = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
export const rootIsHere = pulumi.getRootDirectory() === import.meta.dirname;
export const dryRun = pulumi.runtime.isDryRun();
export const title = process.title;
export const tsNode = process[Symbol.for("ts-node.register.instance")] !== undefined;
export const plain = config.require("plain");
export const structured = config.requireObject("structured").list;
export const secret = config.requireSecret("secret");
export const secretKeys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS);
