// Package s3 is the object store of Amazon S3 and of the services that speak as it does. It
// alone knows the SDK. Credentials, region, profile and address come from where every other
// program of AWS takes them: the process's environment, the shared configuration files, the
// role of the machine.
package s3
