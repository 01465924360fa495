package export

import (
	"fmt"
	"strconv"
	"strings"
)

// kubernetes writes a CronJob for each look of each schedule.
func kubernetes(jobs []Job, o Options) []File {
	var b strings.Builder
	b.WriteString(comment([]string{
		"inlay looks for what is due and imports it. The volume holds the folder of the configuration with its tables and state, and the secret inlay the credentials as environment variables.",
		"The file system of the volume must have hard links and locks; object stores mounted as folders have neither.",
		"Kubernetes gives up a start that is more than startingDeadlineSeconds late; the slot is then imported at the next look.",
	}))
	for _, j := range jobs {
		if why := j.off(); why != "" {
			b.WriteString(comment([]string{"schedule." + j.Name + " " + why + ", so it has no CronJob."}))
			continue
		}
		looks, notes := j.inZone(o.Year)
		for i, l := range looks {
			name := j.fileName()
			if i > 0 {
				name += "-" + strconv.Itoa(i+1)
			}
			b.WriteString("---\n" + comment(j.about(notes)) + cronJob(shortened(name), l, j.Schedule.Spec().Timezone, o))
		}
	}
	return []File{{"inlay.yaml", b.String()}}
}

// shortened keeps a name within the 52 characters that a CronJob's may have.
func shortened(name string) string {
	if len(name) <= 52 {
		return name
	}
	return strings.TrimRight(name[:43], "-") + "-" + sum(name)
}

func cronJob(name string, l look, zone string, o Options) string {
	return fmt.Sprintf(`apiVersion: batch/v1
kind: CronJob
metadata:
  name: %s
  labels: {app.kubernetes.io/name: inlay}
spec:
  schedule: %q
  timeZone: %q
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 2
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 120
          containers:
            - name: inlay
              image: %q
              workingDir: %q
              command: [%q, "run", "-due", "-lock-timeout=1m"]
              envFrom: [{secretRef: {name: inlay}}]
              volumeMounts: [{name: inlay, mountPath: %q}]
          volumes:
            - name: inlay
              persistentVolumeClaim: {claimName: inlay}
`, name, l.cron(), zone, o.Image, o.Folder, o.Command, o.Folder)
}
