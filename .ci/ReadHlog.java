import java.io.File;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/** What the reference implementation finds in a log: one line a tag and percentile. */
public class ReadHlog {
  private static final double[] PERCENTILES = {0, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100};

  public static void main(String[] args) throws Exception {
    System.out.println("tag,count,percentile,ns");
    try (HistogramLogReader reader = new HistogramLogReader(new File(args[0]))) {
      while (reader.hasNext()) {
        EncodableHistogram interval = reader.nextIntervalHistogram();
        if (interval == null) continue;
        Histogram histogram = (Histogram) interval;
        for (double percentile : PERCENTILES) {
          System.out.printf(
              "%s,%d,%s,%d%n",
              histogram.getTag(),
              histogram.getTotalCount(),
              percentile,
              histogram.getValueAtPercentile(percentile));
        }
      }
    }
  }
}
