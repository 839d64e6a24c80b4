"""An autoscaler of Kubernetes, as the words of a station: what it says, what it lacks, what is not modelled."""
