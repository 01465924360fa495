// Command cronjob reads Kubernetes manifests from standard input and says what of them is no
// CronJob as Kubernetes has it: an unknown or mistyped field, a name, a schedule or a zone
// that its controller refuses. It reads them by Kubernetes' own types.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"
)

// longestName leaves room for what the controller puts behind the name of each job.
const longestName = 52

func main() {
	n, err := check(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cronjob:", err)
		os.Exit(1)
	}
	fmt.Println(n, "manifests are CronJobs")
}

// check reads documents that `---` divides and returns how many there are.
func check(r io.Reader) (int, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return 0, err
	}
	n, seen := 0, map[string]bool{}
	for i, doc := range strings.Split(string(data), "\n---\n") {
		if i == 0 && !strings.Contains(doc, "kind:") {
			continue // comments
		}
		var job batch.CronJob
		if err := yaml.UnmarshalStrict([]byte(doc), &job); err != nil {
			return n, fmt.Errorf("document %d: %w", i, err)
		}
		if seen[job.Name] {
			return n, fmt.Errorf("document %d: another one is called %s too", i, job.Name)
		}
		if err := valid(&job); err != nil {
			return n, fmt.Errorf("document %d, %s: %w", i, job.Name, err)
		}
		seen[job.Name] = true
		n++
	}
	if n == 0 {
		return 0, errors.New("no manifest")
	}
	return n, nil
}

// valid asks what the types do not say.
func valid(job *batch.CronJob) error {
	pod := job.Spec.JobTemplate.Spec.Template.Spec
	switch {
	case job.APIVersion != batch.SchemeGroupVersion.String() || job.Kind != "CronJob":
		return fmt.Errorf("it is a %s of %s", job.Kind, job.APIVersion)
	case len(job.Name) > longestName || len(validation.IsDNS1123Subdomain(job.Name)) > 0:
		return errors.New("its name cannot be")
	case pod.RestartPolicy != core.RestartPolicyNever && pod.RestartPolicy != core.RestartPolicyOnFailure:
		return fmt.Errorf("restartPolicy %q", pod.RestartPolicy)
	case job.Spec.ConcurrencyPolicy != batch.ForbidConcurrent:
		return fmt.Errorf("concurrencyPolicy %q lets runs overlap", job.Spec.ConcurrencyPolicy)
	case job.Spec.TimeZone == nil || strings.Contains(job.Spec.Schedule, "TZ"):
		return errors.New("the zone belongs in timeZone")
	}
	if _, err := cron.ParseStandard(job.Spec.Schedule); err != nil {
		return err
	}
	if _, err := time.LoadLocation(*job.Spec.TimeZone); err != nil {
		return err
	}
	return wired(pod)
}

// wired reports a container that lacks what a pod needs.
func wired(pod core.PodSpec) error {
	volumes := map[string]bool{}
	for _, v := range pod.Volumes {
		volumes[v.Name] = v.PersistentVolumeClaim != nil
	}
	for _, c := range pod.Containers {
		if len(validation.IsDNS1123Label(c.Name)) > 0 || c.Image == "" || len(c.Command) == 0 {
			return fmt.Errorf("the container %q lacks an image or a command", c.Name)
		}
		for _, m := range c.VolumeMounts {
			if !volumes[m.Name] || !strings.HasPrefix(m.MountPath, "/") {
				return fmt.Errorf("nothing to mount as %s at %s", m.Name, m.MountPath)
			}
		}
	}
	if len(pod.Containers) == 0 {
		return errors.New("no container")
	}
	return nil
}
