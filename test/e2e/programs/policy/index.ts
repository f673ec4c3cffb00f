import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random";

new RandomString("checked", { length: new pulumi.Config().requireNumber("length") });
